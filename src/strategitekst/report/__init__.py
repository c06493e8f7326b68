"""The report that people look at: the tables of an analysis as one HTML file."""

from strategitekst.report.render import render_report

__all__ = ["render_report"]
