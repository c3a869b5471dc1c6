from __future__ import annotations

import pytest
import sqlalchemy

from kyc_service.storage.database import Database

pytestmark = pytest.mark.integration


def test_errors_do_not_show_what_was_sent(database: Database) -> None:
    statement = sqlalchemy.text("SELECT :name FROM no_such_table")
    with pytest.raises(sqlalchemy.exc.ProgrammingError) as failed, database.transaction() as tx:
        tx.verifications.session.execute(statement, {"name": "Kestrel4711"})
    assert "no_such_table" in str(failed.value)
    assert "Kestrel4711" not in str(failed.value) + repr(failed.value)
