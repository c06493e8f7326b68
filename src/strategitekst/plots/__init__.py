"""Plots of an analysis as matplotlib's own objects, to be restyled, combined and saved like any others.

Needs the extra ``plots``. Colours are safe for colour-blind readers, and each state has a shape or hatching as well. No
setting of matplotlib is changed.
"""

from strategitekst.plots.comparison import plot_compare
from strategitekst.plots.heat import plot_coverage
from strategitekst.plots.paragraphs import plot_specificity, plot_themes_over_years
from strategitekst.plots.states import plot_states

__all__ = ["plot_compare", "plot_coverage", "plot_specificity", "plot_states", "plot_themes_over_years"]
