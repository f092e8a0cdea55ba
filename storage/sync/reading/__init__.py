"""Reading the credit manager's files: bytes in, typed rows and coded rejections out.

```python
reading = read_file(path)                # looks at the whole file, reads no row yet
if reading.refused:   ...                # a FileReason: empty, no header, aged balance...
elif not reading.certain: ...            # reading.questions, .columns, .samples: ask a person
else:
    for row in reading.rows(): ...       # ReceivableRow | CustomerRow | PaymentRow | HistoryRow
    reading.refused                      # TOTAL_MISMATCH when the file's own total disagrees
    reading.rejections, reading.warnings, reading.counts, reading.unread, reading.total_check
```

Pure: no database, no clock, no prose. Amounts are integers of minor units.
"""

from storage.sync.reading.dates import DateOrder
from storage.sync.reading.fields import Field, Kind, Means, field_named
from storage.sync.reading.opening import read_bytes, read_file
from storage.sync.reading.questions import (
    DATE_ORDER,
    DECIMAL,
    NONE_OF_THEM,
    Column,
    ColumnMap,
    Question,
    QuestionKind,
    Remembered,
)
from storage.sync.reading.reading import Reading
from storage.sync.reading.reasons import FileReason, Reason, Rejection, Rejections
from storage.sync.reading.row_columns import RowColumns, Rows
from storage.sync.reading.rows import CustomerRow, HistoryRow, PaymentRow, ReceivableRow, Row
from storage.sync.reading.sources import Layout
from storage.sync.reading.tallies import Counts, Unread
from storage.sync.reading.totals import TotalCheck, TotalMismatch

__all__ = [
    "DATE_ORDER",
    "DECIMAL",
    "NONE_OF_THEM",
    "Column",
    "ColumnMap",
    "Counts",
    "CustomerRow",
    "DateOrder",
    "Field",
    "FileReason",
    "HistoryRow",
    "Kind",
    "Layout",
    "Means",
    "PaymentRow",
    "Question",
    "QuestionKind",
    "Reading",
    "Reason",
    "ReceivableRow",
    "Rejection",
    "Rejections",
    "Remembered",
    "Row",
    "RowColumns",
    "Rows",
    "TotalCheck",
    "TotalMismatch",
    "Unread",
    "field_named",
    "read_bytes",
    "read_file",
]
