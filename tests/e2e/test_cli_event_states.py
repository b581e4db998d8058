"""`event` as people run it: called off, archived, and back."""

ROWS = "title,start,end\nOpening,2033-11-03 10:00,2033-11-03 11:00\nFloods,2033-11-04 10:00,2033-11-04 11:00\n"


def test_an_event_is_called_off_archived_and_brought_back(bare):
    (bare.folder / "coast.csv").write_text(ROWS)
    bare.run("load", "coast.csv", "--timezone", "UTC")
    assert "2 sessions are cancelled" in bare.out("event", "call-off", "coast-2033")
    assert "event coast-2033 is called off" in bare.out("status")
    assert "2 sessions are no longer cancelled" in bare.out("event", "hold", "coast-2033")
    assert "event restore coast-2033" in bare.out("event", "archive", "coast-2033")
    assert "event restore" in bare.err("load", "coast.csv", "--timezone", "UTC", code=1)
    told = bare.json("status")
    assert (told["archived"], told["called_off"], len(told["sessions"])) == (True, False, 2)
    bare.run("event", "restore", "coast-2033")
    assert "2 unchanged" in bare.out("load", "coast.csv", "--timezone", "UTC")
    assert "no event" in bare.err("event", "archive", "nowhere", code=1)
