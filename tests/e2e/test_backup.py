"""A store that is lost and restored: its meetings are known again, and no session gets another one."""


def test_a_restored_store_knows_its_meetings_and_there_is_nothing_to_do(line):
    line.load()
    line.run("apply", "--yes")
    before = line.json("status")
    assert "rows of" in line.out("backup", "kept/zoom_sync.zip")
    assert (line.folder / "kept/zoom_sync.zip").stat().st_mode & 0o077 == 0
    assert "not empty" in line.err("restore", "kept/zoom_sync.zip", code=1)

    line.env["DATABASE_URL"] = f"sqlite:///{line.folder}/another/store.db"
    assert "restored" in line.out("restore", "kept/zoom_sync.zip")
    assert line.json("status") == before
    assert "nothing to do" in line.out("plan")
    assert len(line.meetings()) == 4


def test_a_backup_that_cannot_be_read_or_written_is_said(line):
    line.load()
    assert "cannot be written" in line.err("backup", "/proc/backup.zip", code=1)
    assert "cannot be read" in line.err("restore", "nowhere.zip", code=1)
    (line.folder / "other.zip").write_text("no zip at all")
    line.env["DATABASE_URL"] = f"sqlite:///{line.folder}/another/store.db"
    assert "not a backup" in line.err("restore", "other.zip", code=1)
