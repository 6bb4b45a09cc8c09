"""A program with at least one resource of every type that the simulated world can make.

`word` is in everything that can be changed in place, so that another word updates all of it.
`also` declares the rest: `every_kept_type.py`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pulumi
import pulumi_aws as aws

HOME, AWAY = "eu-west-1", "eu-central-1"
ACCOUNT = "123456789012"
TRUST = {"Effect": "Allow", "Principal": {"Service": "x.amazonaws.com"}, "Action": "sts:AssumeRole"}


@dataclass
class Site:
    word: str
    region: str
    vpc: aws.ec2.Vpc
    subnets: list[aws.ec2.Subnet]
    application: aws.ec2.SecurityGroup
    database: aws.ec2.SecurityGroup
    key: aws.kms.Key
    log: aws.cloudwatch.LogGroup


def program(
    also: Callable[[Site, Site, aws.iam.Role], None],
    word: str = "one",
    instance_class: str = "db.r6g.large",
    engine: str = "postgres",
) -> Callable[[], None]:
    def run() -> None:
        tags = {"word": word}
        home, away = (_site(region, word, tags) for region in (HOME, AWAY))
        role = _role(word, tags)
        for site in (home, away):
            aws.ec2.FlowLog(
                f"{site.region}-flow", region=site.region, vpc_id=site.vpc.id, traffic_type="ALL",
                log_destination_type="cloud-watch-logs", log_destination=site.log.arn,
                iam_role_arn=role.arn, tags=tags,
            )  # fmt: skip
        zone, certificate = _domain(word, tags)
        _databases(home, away, tags, instance_class, engine)
        balancer, group, listener = _balancing(home, certificate, word, tags)
        _hosting(home, role, group, listener)
        _images(tags)
        _storage(home, word, tags)
        also(home, away, role)
        _names(zone, balancer, word, tags)

    return run


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _site(region: str, word: str, tags: dict[str, str]) -> Site:
    def named(kind: Any, name: str, /, **given: Any) -> Any:  # noqa: ANN401 - any resource
        return kind(f"{region}-{name}", region=region, **given)

    vpc = named(
        aws.ec2.Vpc, "vpc", cidr_block="10.0.0.0/16", enable_dns_support=True,
        enable_dns_hostnames=True, tags=tags,
    )  # fmt: skip
    inside = {"vpc_id": vpc.id, "tags": tags}
    subnets = [
        named(
            aws.ec2.Subnet, f"subnet-{zone}", cidr_block=f"10.0.{index}.0/24",
            availability_zone=f"{region}{zone}", **inside,
        )
        for index, zone in enumerate("ab")
    ]  # fmt: skip
    gateway = named(aws.ec2.InternetGateway, "gateway", **inside)
    table = named(aws.ec2.RouteTable, "table", **inside)
    named(
        aws.ec2.Route, "route", route_table_id=table.id, destination_cidr_block="0.0.0.0/0",
        gateway_id=gateway.id,
    )  # fmt: skip
    named(
        aws.ec2.RouteTableAssociation, "association", subnet_id=subnets[0].id,
        route_table_id=table.id,
    )  # fmt: skip
    groups = [
        named(aws.ec2.SecurityGroup, name, name=name, description=name, **inside)
        for name in ("application", "database")
    ]
    endpoint = named(
        aws.ec2.VpcEndpoint, "s3", service_name=f"com.amazonaws.{region}.s3",
        vpc_endpoint_type="Gateway", route_table_ids=[table.id], **inside,
    )  # fmt: skip
    named(
        aws.ec2.VpcEndpoint, "logs", service_name=f"com.amazonaws.{region}.logs",
        vpc_endpoint_type="Interface", subnet_ids=[one.id for one in subnets],
        security_group_ids=[groups[0].id], private_dns_enabled=True, **inside,
    )  # fmt: skip
    rule = {"ip_protocol": "tcp", "description": word, "tags": tags}
    named(
        aws.vpc.SecurityGroupIngressRule, "in", security_group_id=groups[1].id, from_port=5432,
        to_port=5432, referenced_security_group_id=groups[0].id, **rule,
    )  # fmt: skip
    named(
        aws.vpc.SecurityGroupEgressRule, "out", security_group_id=groups[0].id, from_port=443,
        to_port=443, prefix_list_id=endpoint.prefix_list_id, **rule,
    )  # fmt: skip
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    key = named(
        aws.kms.Key, "key", description=word, enable_key_rotation=word == "one",
        deletion_window_in_days=7, tags=tags,
        policy=_document({"Sid": word, **root, "Action": "kms:*", "Resource": "*"}),
    )  # fmt: skip
    named(aws.kms.Alias, "alias", name="alias/key", target_key_id=key.id)
    log = named(
        aws.cloudwatch.LogGroup, "log", name="/log", kms_key_id=key.arn, tags=tags,
        retention_in_days=30 if word == "one" else 60,
    )  # fmt: skip
    return Site(word, region, vpc, subnets, groups[0], groups[1], key, log)


def _role(word: str, tags: dict[str, str]) -> aws.iam.Role:
    role = aws.iam.Role(
        "role", name="role", description=word, assume_role_policy=_document(TRUST | {"Sid": word}),
        max_session_duration=3600, tags=tags,
    )  # fmt: skip
    allowed = {"Sid": word, "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    aws.iam.RolePolicy("role-policy", name="inline", role=role.id, policy=_document(allowed))
    return role


def _domain(word: str, tags: dict[str, str]) -> tuple[aws.route53.Zone, pulumi.Output[str]]:
    zone = aws.route53.Zone("zone", name="example.net", comment=word, tags=tags)
    certificate = aws.acm.Certificate(
        "certificate", region=HOME, domain_name="app.example.net", validation_method="DNS",
        tags=tags,
    )  # fmt: skip
    option = certificate.domain_validation_options[0]
    proof = aws.route53.Record(
        "proof", zone_id=zone.zone_id, name=option.resource_record_name, ttl=300,
        type=option.resource_record_type, records=[option.resource_record_value],
        allow_overwrite=True,
    )  # fmt: skip
    issued = aws.acm.CertificateValidation(
        "issued", region=HOME, certificate_arn=certificate.arn,
        validation_record_fqdns=[proof.fqdn],
    )  # fmt: skip
    return zone, issued.certificate_arn


def _databases(
    home: Site, away: Site, tags: dict[str, str], instance_class: str, engine: str
) -> None:
    groups = {site.region: _groups(site, tags) for site in (home, away)}
    proposed = aws.secretsmanager.get_random_password(password_length=24, exclude_punctuation=True)
    secret = aws.secretsmanager.Secret(
        "secret", region=HOME, name="secret", description=tags["word"], kms_key_id=home.key.arn,
        recovery_window_in_days=7, replicas=[{"region": AWAY, "kms_key_id": away.key.arn}],
        tags=tags,
    )  # fmt: skip
    version = aws.secretsmanager.SecretVersion(
        "version", region=HOME, secret_id=secret.id,
        secret_string=pulumi.Output.secret(proposed.random_password),
        opts=pulumi.ResourceOptions(ignore_changes=["secretString"]),
    )  # fmt: skip

    def instance(site: Site, **more: Any) -> aws.rds.Instance:  # noqa: ANN401 - inputs
        subnets, parameters = groups[site.region]
        return aws.rds.Instance(
            f"{site.region}-database", region=site.region, identifier=f"orders-{site.region}",
            instance_class=instance_class, engine=engine, engine_version="16.4",
            allocated_storage=100, storage_type="gp3", storage_encrypted=True,
            kms_key_id=site.key.arn, db_subnet_group_name=subnets.name, port=5432,
            vpc_security_group_ids=[site.database.id], parameter_group_name=parameters.name,
            publicly_accessible=False, auto_minor_version_upgrade=False,
            copy_tags_to_snapshot=True, deletion_protection=False,
            delete_automated_backups=False, maintenance_window="sun:03:00-sun:04:00",
            backup_window="01:00-02:00", enabled_cloudwatch_logs_exports=["postgresql"],
            apply_immediately=True, tags=tags, **more,
        )  # fmt: skip

    primary = instance(
        home, backup_retention_period=7, multi_az=True, skip_final_snapshot=False,
        final_snapshot_identifier="orders-final", db_name="app", username="app",
        password=version.secret_string,
    )  # fmt: skip
    instance(
        away, backup_retention_period=0, multi_az=False, skip_final_snapshot=True,
        replicate_source_db=primary.arn,
    )  # fmt: skip
    aws.rds.InstanceAutomatedBackupsReplication(
        "backups", region=AWAY, source_db_instance_arn=primary.arn, kms_key_id=away.key.arn,
        retention_period=7,
    )  # fmt: skip
    pulumi.export("primary", primary.arn)


def _groups(site: Site, tags: dict[str, str]) -> tuple[aws.rds.SubnetGroup, aws.rds.ParameterGroup]:
    subnets = aws.rds.SubnetGroup(
        f"{site.region}-subnets", region=site.region, name="subnets", description=tags["word"],
        subnet_ids=[one.id for one in site.subnets], tags=tags,
    )  # fmt: skip
    value = {"name": "log_statement", "value": tags["word"], "apply_method": "immediate"}
    parameters = aws.rds.ParameterGroup(
        f"{site.region}-parameters", region=site.region, name="parameters", description="p",
        family="postgres16", parameters=[value], tags=tags,
    )  # fmt: skip
    return subnets, parameters


def _balancing(
    site: Site, certificate: pulumi.Output[str], word: str, tags: dict[str, str]
) -> tuple[aws.lb.LoadBalancer, aws.lb.TargetGroup, aws.lb.Listener]:
    balancer = aws.lb.LoadBalancer(
        "balancer", region=HOME, name="balancer", load_balancer_type="application",
        internal=False, security_groups=[site.application.id],
        subnets=[one.id for one in site.subnets], drop_invalid_header_fields=True,
        enable_deletion_protection=False, tags=tags,
    )  # fmt: skip
    group = aws.lb.TargetGroup(
        "group", region=HOME, name="group", port=8080, protocol="HTTP", target_type="ip",
        vpc_id=site.vpc.id, deregistration_delay=30, tags=tags,
        health_check={
            "path": f"/{word}", "matcher": "200", "interval": 10, "timeout": 5,
            "healthy_threshold": 2, "unhealthy_threshold": 2,
        },
    )  # fmt: skip
    listen = partial(aws.lb.Listener, region=HOME, load_balancer_arn=balancer.arn, tags=tags)
    secure = listen(
        "https", port=443, protocol="HTTPS", ssl_policy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificate_arn=certificate,
        default_actions=[{"type": "forward", "target_group_arn": group.arn}],
    )  # fmt: skip
    moved = {"port": "443", "protocol": "HTTPS", "status_code": "HTTP_301"}
    listen(
        "http", port=80, protocol="HTTP", default_actions=[{"type": "redirect", "redirect": moved}]
    )
    answer = {"content_type": "text/html", "message_body": word, "status_code": "503"}
    listen(
        "holding", port=8080, protocol="HTTP",
        default_actions=[{"type": "fixed-response", "fixed_response": answer}],
    )  # fmt: skip
    return balancer, group, secure


def _hosting(
    site: Site, role: aws.iam.Role, group: aws.lb.TargetGroup, listener: aws.lb.Listener
) -> None:
    word = site.word
    tags = {"word": word}
    cluster = aws.ecs.Cluster(
        "cluster", region=HOME, name="cluster", tags=tags,
        settings=[{"name": "containerInsights", "value": "enabled"}],
    )  # fmt: skip
    container = {"name": "app", "image": "app@sha256:1", "portMappings": [{"containerPort": 8080}]}
    task = aws.ecs.TaskDefinition(
        "task", region=HOME, family="app", cpu="256", memory="512", network_mode="awsvpc",
        requires_compatibilities=["FARGATE"], execution_role_arn=role.arn,
        task_role_arn=role.arn, container_definitions=json.dumps([container]), tags=tags,
    )  # fmt: skip
    service = aws.ecs.Service(
        "service", region=HOME, name="app", cluster=cluster.arn, task_definition=task.arn,
        desired_count=2, launch_type="FARGATE", propagate_tags="SERVICE",
        network_configuration={
            "subnets": [one.id for one in site.subnets],
            "security_groups": [site.application.id],
            "assign_public_ip": False,
        },
        load_balancers=[
            {"target_group_arn": group.arn, "container_name": "app", "container_port": 8080}
        ],
        deployment_circuit_breaker={"enable": True, "rollback": True},
        deployment_minimum_healthy_percent=100, deployment_maximum_percent=200,
        health_check_grace_period_seconds=60 if word == "one" else 90,
        enable_execute_command=False, tags=tags,
        opts=pulumi.ResourceOptions(depends_on=[listener], ignore_changes=["desiredCount"]),
    )  # fmt: skip
    what = {"service_namespace": "ecs", "scalable_dimension": "ecs:service:DesiredCount"}
    target = aws.appautoscaling.Target(
        "target", region=HOME, **what, min_capacity=1, max_capacity=4 if word == "one" else 6,
        resource_id=pulumi.Output.concat("service/", cluster.name, "/", service.name),
    )  # fmt: skip
    cpu = {"predefined_metric_type": "ECSServiceAverageCPUUtilization"}
    aws.appautoscaling.Policy(
        "policy", region=HOME, name="cpu", policy_type="TargetTrackingScaling", **what,
        resource_id=target.resource_id,
        target_tracking_scaling_policy_configuration={
            "target_value": 60 if word == "one" else 70, "predefined_metric_specification": cpu,
        },
    )  # fmt: skip


def _images(tags: dict[str, str]) -> None:
    aws.ecr.Repository(
        "repository", region=HOME, name="app", image_tag_mutability="IMMUTABLE",
        image_scanning_configuration={"scan_on_push": True}, tags=tags,
        encryption_configurations=[{"encryption_type": "AES256"}],
    )  # fmt: skip
    there = {"region": AWAY, "registry_id": ACCOUNT}
    only = {"filter": "app", "filter_type": "PREFIX_MATCH"}
    aws.ecr.ReplicationConfiguration(
        "images", region=HOME,
        replication_configuration={
            "rules": [{"destinations": [there], "repository_filters": [only]}]
        },
    )  # fmt: skip


def _storage(site: Site, word: str, tags: dict[str, str]) -> None:
    bucket = aws.s3.Bucket("bucket", region=HOME, bucket="bucket", force_destroy=False, tags=tags)
    about = {"region": HOME, "bucket": bucket.id}
    aws.s3.BucketPublicAccessBlock(
        "access", **about, block_public_acls=True, block_public_policy=word != "one",
        ignore_public_acls=True, restrict_public_buckets=True,
    )  # fmt: skip
    reader = {"Sid": word, "Effect": "Allow", "Principal": {"AWS": ACCOUNT}}
    allowed = {**reader, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}
    aws.s3.BucketPolicy("bucket-policy", **about, policy=_document(allowed))
    versioning = aws.s3.BucketVersioning(
        "versioning", **about, versioning_configuration={"status": "Enabled"}
    )
    encryption = {"sse_algorithm": "aws:kms", "kms_master_key_id": site.key.arn}
    aws.s3.BucketServerSideEncryptionConfiguration(
        "encryption", **about,
        rules=[
            {"apply_server_side_encryption_by_default": encryption, "bucket_key_enabled": True}
        ],
    )  # fmt: skip
    aws.s3.BucketObjectv2(
        "object", **about, key="object.json", content=word, content_type="application/json",
        server_side_encryption="aws:kms", kms_key_id=site.key.arn, tags=tags,
        opts=pulumi.ResourceOptions(depends_on=[versioning]),
    )  # fmt: skip
    aws.dynamodb.Table(
        "table", region=HOME, name="table", billing_mode="PAY_PER_REQUEST", hash_key="run",
        range_key="sequence",
        attributes=[{"name": "run", "type": "S"}, {"name": "sequence", "type": "N"}],
        point_in_time_recovery={"enabled": word == "one"},
        server_side_encryption={"enabled": True, "kms_key_arn": site.key.arn},
        deletion_protection_enabled=False, tags=tags,
    )  # fmt: skip


def _names(
    zone: aws.route53.Zone, balancer: aws.lb.LoadBalancer, word: str, tags: dict[str, str]
) -> None:
    check = aws.route53.HealthCheck(
        "check", type="HTTPS", fqdn="latch.s3.eu-west-1.amazonaws.com", port=443,
        resource_path=f"/open/{word}", request_interval=10, failure_threshold=3,
        invert_healthcheck=True, enable_sni=True, tags=tags,
    )  # fmt: skip
    for failover, checked in (("PRIMARY", {"health_check_id": check.id}), ("SECONDARY", {})):
        alias = {"name": balancer.dns_name, "zone_id": balancer.zone_id}
        aws.route53.Record(
            f"record-{failover}", zone_id=zone.zone_id, name="app.example.net", type="A",
            set_identifier=failover.lower(), failover_routing_policies=[{"type": failover}],
            aliases=[alias | {"evaluate_target_health": False}], **checked,
        )  # fmt: skip
