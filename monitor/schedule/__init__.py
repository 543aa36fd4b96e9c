"""What is due when, and what is done then.

    jobs      the one table of what comes round beside pages and feeds
    turns     when each page's turn is, by the journal
    pacing    APScheduler: waits for the next turn
    here      does the work in this process
    heap      how much memory the C library keeps of what was freed
    stopping  SIGTERM and SIGINT

`monitor.workers` takes the place of `here` where the work is handed to many machines.
"""

from monitor.schedule.heap import keep_little
from monitor.schedule.here import run
from monitor.schedule.stopping import halted_by_signals
from monitor.schedule.turns import Turn, timetable

__all__ = ["Turn", "halted_by_signals", "keep_little", "run", "timetable"]
