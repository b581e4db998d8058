"""Meeting IDs, links, passcodes and hosts written back into the organiser's own file: YAML, CSV or a workbook.

What is not ours to write stays as it is, down to the byte in YAML and CSV.

Imports `domain` and `errors`; PyYAML, openpyxl and dateutil.
"""

from zoom_sync.adapters.writeback.writing import Written, write_back

__all__ = ["Written", "write_back"]
