"""The heart: one capture and what is remembered of its page in, what it means and what to remember out.

Everything is decided here and nothing is touched: no network, disk, clock or chance. The live check and the replay of a
recording are folds of the same function.
"""

from monitor.assess.alerts import alerts_of
from monitor.assess.decide import EDITION, assess, rules, way_out

__all__ = ["EDITION", "alerts_of", "assess", "rules", "way_out"]
