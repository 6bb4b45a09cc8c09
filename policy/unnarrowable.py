"""Actions for which AWS knows no resource: `*` is the only one that grants them.

Source: AWS service authorization reference, the tables of actions of each service, where the column
of resource types is empty. Only what a zone's roles use, or plausibly would, stands here: an action
that is missing is refused until somebody has looked it up.
"""

UNNARROWABLE = frozenset(
    f"{service}:{action}"
    for service, actions in {
        "application-autoscaling": "DescribeScalableTargets DescribeScalingPolicies",
        "backup": "DescribeRestoreJob GetRestoreJobMetadata ListBackupPlans ListCopyJobs "
        "ListLegalHolds ListRestoreJobs",
        "cloudwatch": "GetMetricData GetMetricStatistics ListMetrics PutMetricData",
        "ec2": "DescribeNetworkInterfaces DescribeSecurityGroupRules DescribeSecurityGroups "
        "DescribeSubnets DescribeVpcs",
        "ecr": "DescribeRegistry GetAuthorizationToken",
        "ecs": "DescribeTaskDefinition ListTaskDefinitions",
        "logs": "DescribeLogGroups",
        "rds": "DescribeAccountAttributes DescribeOrderableDBInstanceOptions",
        "route53": "ListHostedZones",
        "sts": "GetCallerIdentity",
    }.items()
    for action in actions.split()
)
