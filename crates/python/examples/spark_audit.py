"""Audits a large CloudTrail log with Spark: each account and Region where its events lie.

    pip install kms-alias 'pyspark[sql]'
    python spark_audit.py [EVENTS] [PARTITIONS] [WORKERS]

Spark needs Java 17. The findings are the same whatever the number of partitions and workers.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from pathlib import Path

import kms_alias
import pandas as pd
from pyspark.sql import SparkSession
from trail import events, groups

SCHEMA = "scope string, event_id string, difference string, rule string"


def findings(group: pd.DataFrame) -> pd.DataFrame:
    """The findings of one account and Region."""
    reports = kms_alias.audit(group["event"].tolist())
    rows = [
        (report.scope, finding.event_id, finding.difference, finding.rule or "")
        for report in reports
        for finding in report.findings
    ]
    return pd.DataFrame(rows, columns=["scope", "event_id", "difference", "rule"])


def main(count: int = 1_000_000, partitions: int = 8, workers: int = 2) -> None:
    pairs = groups()
    # Spark's workers run this Python, where the wheel is installed, and have the module beside this one.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = (
        SparkSession.builder.master(f"local[{workers}]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", "4g")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", partitions)
        .config("spark.sql.adaptive.enabled", "false")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    session.sparkContext.addPyFile(str(Path(__file__).with_name("trail.py")))
    each = count // len(pairs)
    made = session.sparkContext.parallelize(pairs, partitions).flatMap(
        lambda pair: events(*pair, each)
    )
    log = made.toDF("account string, region string, event string").cache()
    counted = log.count()
    started = time.perf_counter()
    found = log.groupBy("account", "region").applyInPandas(findings, SCHEMA).collect()
    took = time.perf_counter() - started
    session.stop()
    lines = sorted(" ".join(row) for row in found)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    print(f"{counted} events, {partitions} partitions, {workers} workers: "
          f"{len(lines)} findings, digest {digest}, {took:.1f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
