"""Runs over folders of any size: results are kept a document at a time, so that nothing is lost and nothing redone."""

from strategitekst.batch.merging import merge_shards
from strategitekst.batch.progress import LOG, Shown, Silent, watching
from strategitekst.batch.run import Options, Summary, run_batch
from strategitekst.batch.tasks import parse_shard

__all__ = ["LOG", "Options", "Shown", "Silent", "Summary", "merge_shards", "parse_shard", "run_batch", "watching"]
