"""One reader per programme format: text or bytes in, a programme or all its problems out.

Nothing here touches a file, a clock or the network. The room imports the domain, `zoom_sync.errors`, the standard
library and PyYAML. A new format is one new file that offers a `FORMAT`, its line in `formats.FORMATS`, and its test.
"""

from zoom_sync.adapters.sources.checking import check_json
from zoom_sync.adapters.sources.formats import FORMATS, read_programme
from zoom_sync.adapters.sources.reading import Reading
from zoom_sync.adapters.sources.yaml_dump import dump_programme
from zoom_sync.adapters.sources.yaml_form import json_schema, json_schema_text

__all__ = ["FORMATS", "Reading", "check_json", "dump_programme", "json_schema", "json_schema_text", "read_programme"]
