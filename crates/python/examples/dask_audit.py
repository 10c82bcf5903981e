"""Audits a large CloudTrail log with Dask: each account and Region where its events lie.

    pip install kms-alias 'dask[dataframe,distributed]'
    python dask_audit.py [EVENTS] [PARTITIONS] [WORKERS]

The findings are the same whatever the number of partitions and workers.
"""

from __future__ import annotations

import hashlib
import sys
import time

import dask.dataframe as dd
import kms_alias
import pandas as pd
from dask.distributed import Client, LocalCluster
from trail import events, groups

EVENT = {"account": "str", "region": "str", "event": "str"}
COLUMNS = {"scope": "str", "event_id": "str", "difference": "str", "rule": "str"}


def findings(group: pd.DataFrame) -> pd.DataFrame:
    """The findings of one account and Region."""
    reports = kms_alias.audit(group["event"].tolist())
    rows = [
        (report.scope, finding.event_id, finding.difference, finding.rule or "")
        for report in reports
        for finding in report.findings
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype("str")


def main(count: int = 1_000_000, partitions: int = 8, workers: int = 2) -> None:
    pairs = groups()

    def part(index: int) -> pd.DataFrame:
        """What one worker reads: in a real log a file of the trail."""
        rows = (row for pair in pairs[index::partitions] for row in events(*pair, count // len(pairs)))
        return pd.DataFrame(rows, columns=list(EVENT)).astype("str")

    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster):
        log = dd.from_map(part, range(partitions), meta=EVENT).persist()
        counted = len(log)
        started = time.perf_counter()
        grouped = log.groupby(["account", "region"])[["event"]]
        found = grouped.apply(findings, meta=COLUMNS).compute()
        took = time.perf_counter() - started
    lines = sorted(" ".join(row) for row in found.itertuples(index=False))
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    print(f"{counted} events, {partitions} partitions, {workers} workers: "
          f"{len(lines)} findings, digest {digest}, {took:.1f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
