from simulator.token_buckets import REQUEST_LIMITS, Limit, Limits, TokenBuckets

LIMITS = {"rds": Limits(reading=Limit(10, 2), mutating=Limit(3, 1))}


def granted(buckets: TokenBuckets, count: int, at_s: float, region: str = "a") -> int:
    return sum(buckets.take("rds", region, mutating=True, at_s=at_s) for _ in range(count))


def test_a_burst_is_granted_and_no_more() -> None:
    assert granted(TokenBuckets(LIMITS), 10, at_s=0) == 3


def test_the_bucket_refills_up_to_its_burst() -> None:
    buckets = TokenBuckets(LIMITS)
    granted(buckets, 3, at_s=0)
    assert granted(buckets, 10, at_s=2) == 2
    assert granted(buckets, 10, at_s=1000) == 3


def test_regions_and_kinds_of_call_have_buckets_of_their_own() -> None:
    buckets = TokenBuckets(LIMITS)
    granted(buckets, 3, at_s=0)
    assert granted(buckets, 10, at_s=0, region="b") == 3
    assert buckets.take("rds", "a", mutating=False, at_s=0)


def test_a_service_without_limits_is_never_throttled() -> None:
    buckets = TokenBuckets(LIMITS)
    assert all(buckets.take("s3", "a", mutating=True, at_s=0) for _ in range(1000))


def test_limits_scale() -> None:
    half = REQUEST_LIMITS["rds"].times(0.5)
    assert half == Limits(reading=Limit(50, 10), mutating=Limit(25, 2.5))
