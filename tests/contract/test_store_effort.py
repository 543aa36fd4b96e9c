"""How deep the way out lay is kept with each version, over each database."""

from dataclasses import replace

from monitor.model.procedure import Effort, Procedure, Stated
from monitor.store import Store
from tests.contract.stored import PAGE, check, finding

EFFORT = Effort(paragraph=19, share=0.42, steps=3, required_fields=2)


def test_a_version_keeps_the_effort_of_its_own_way_out_and_none_where_there_was_none(store: Store) -> None:
    way = Procedure(steps=(Stated("open the form", "Open the form."),), effort=EFFORT)

    store.journal.record(PAGE, check(), replace(finding(), procedure=way), [])

    assert [version.effort for version in store.journal.versions(PAGE.id)] == [EFFORT]
