"""Announcements and Zoom's own invitations in the languages of their writers."""

import pytest

from unit.sources.programme_samples import read
from zoom_sync.adapters.exports.announcement import write_announcement
from zoom_sync.adapters.sources import SourceMapping
from zoom_sync.adapters.sources.announcement_words import words_of
from zoom_sync.adapters.sources.written_dates import CannotRead, read_when

LINK = "https://us02web.zoom.us/j/82318937943?pwd=QmFzZTY0T2ZBSGFzaEFuZE5vUGFzc2NvZGU.1"

ANNOUNCEMENTS = {
    "Spanish": """\
Evento: Encuentro de ciudades
Fecha: 6 - 9 de noviembre de 2030 (UTC+8)

Sesión 1:
Mareas
Fecha: miércoles, 6 de noviembre, de 20:30 a 22:00 (UTC+8)
ID de reunión: 823 1893 7943
Código de acceso: 807001
Ciudades e iniciativas:
• Kazan, Rusia: Un parque
""",
    "French": """\
Événement : Rencontre des villes
Dates : du 6 au 9 novembre 2030 (UTC+8)

Séance 1 :
Marées
Date : mercredi 6 novembre, de 20h30 à 22h (UTC+8)
ID de réunion : 823 1893 7943
Code secret : 807001
Villes et initiatives :
• Kazan, Russie : Un parc
""",
    "German": """\
Veranstaltung: Treffen der Städte
Zeitraum: 6. bis 9. Oktober 2030 (UTC+8)

Sitzung 1:
Gezeiten
Datum: Sonntag, 6. Oktober 2030, 20:30 bis 22:00 Uhr (UTC+8)
Meeting-ID: 823 1893 7943
Kenncode: 807001
Städte und Initiativen:
• Kazan, Russland: Ein Park
""",
    "Portuguese": """\
Evento: Encontro de cidades
Data: 6 a 9 de novembro de 2030 (UTC+8)

Sessão 1:
Marés
Data: quarta-feira, 6 de novembro de 2030, das 20h30 às 22h00 (UTC+8)
ID da reunião: 823 1893 7943
Senha de acesso: 807001
Cidades e iniciativas:
• Kazan, Rússia: Um parque
""",
    "Arabic": """\
الفعالية: ملتقى المدن
التاريخ: 6 - 9 نوفمبر 2030 (UTC+8)

الجلسة ١:
المد والجزر
التاريخ: الأربعاء ٦ نوفمبر ٢٠٣٠، من ٢٠:٣٠ إلى ٢٢:٠٠ (UTC+8)
معرّف الاجتماع: 823 1893 7943
رمز المرور: 807001
المدن والمبادرات:
• قازان، روسيا: حديقة
""",
    "Japanese": """\
イベント：都市の集い
日程：2030年11月6日〜9日（UTC+8）

第1回：
潮の満ち引き
日時：2030年11月6日（水） 20時30分〜22時（UTC+8）
ミーティングID：823 1893 7943
パスコード：807001
都市と取り組み：
• カザン、ロシア：公園
""",
}


@pytest.mark.parametrize("language", sorted(ANNOUNCEMENTS))
def test_an_announcement_is_read_in_its_language(language):
    reading = read(ANNOUNCEMENTS[language])
    assert reading.problems == ()
    [session] = reading.programme.sessions
    month = 10 if language == "German" else 11
    assert session.start.isoformat() == f"2030-{month}-06T20:30:00+08:00"
    assert session.end.isoformat() == f"2030-{month}-06T22:00:00+08:00"
    assert session.key in {"session-1", "seminar-1"}
    assert (session.known.meeting_id, session.known.passcode.value) == ("82318937943", "807001")
    assert len(session.items) == 1


INVITATIONS = {
    "English": ("Topic", "Time", "Nov 6, 2030 08:30 PM Beijing, Shanghai", "Join Zoom Meeting", "Meeting ID", "Passcode"),
    "Spanish": ("Tema", "Hora", "6 nov 2030 08:30 p. m. Pekín, Shanghái", "Unirse a la reunión Zoom", "ID de reunión",
                "Código de acceso"),
    "French": ("Sujet ", "Heure ", "6 nov. 2030 08:30 PM Pékin, Shanghai", "Participer à la réunion Zoom",
               "ID de réunion ", "Code secret "),
    "German": ("Thema", "Uhrzeit", "6.Nov. 2030 08:30 PM Peking, Shanghai", "Zoom-Meeting beitreten", "Meeting-ID",
               "Kenncode"),
    "Portuguese": ("Tópico", "Horário", "6 nov. 2030 08:30 da noite Pequim, Xangai", "Entrar na reunião Zoom",
                   "ID da reunião", "Senha de acesso"),
    "Italian": ("Argomento", "Ora", "6 nov 2030 08:30 PM Pechino, Shanghai", "Entra nella riunione in Zoom",
                "ID riunione", "Codice d’accesso"),
    "Russian": ("Тема", "Время", "6 нояб. 2030 08:30 PM Пекин, Шанхай", "Войти Zoom Конференция",
                "Идентификатор конференции", "Код доступа"),
    "Simplified Chinese": ("主题", "时间", "2030年11月6日 08:30 下午 北京，上海", "加入Zoom会议", "会议号", "密码"),
    "Traditional Chinese": ("主題", "時間", "2030年11月6日 08:30 下午 北京，上海", "加入 Zoom 會議", "會議 ID", "密碼"),
    "Japanese": ("トピック", "時刻", "2030年11月6日 08:30 午後 北京、上海", "Zoomミーティングに参加する", "ミーティングID",
                 "パスコード"),
    "Korean": ("주제", "시간", "2030년 11월 6일 08:30 오후 베이징, 상하이", "Zoom 회의 참가", "회의 ID", "암호"),
    "Arabic": ("الموضوع", "الوقت", "6 نوفمبر 2030 08:30 م بكين، شنغهاي", "انضم إلى اجتماع Zoom", "معرّف الاجتماع",
               "رمز المرور"),
}  # fmt: skip
DIAL_IN = """

---

One tap mobile
+16469313860,,82318937943#,,,,*807001# US
+13017158592,,82318937943#,,,,*807001# US (Washington DC)

Dial by your location
• +1 646 931 3860 US
Meeting ID: 823 1893 7943
Passcode: 807001
Find your local number: https://us02web.zoom.us/u/kbcdEfgh
"""


def invitation(language):
    topic, time, when, join, number, passcode = INVITATIONS[language]
    return (
        f"Ann Lee is inviting you to a scheduled Zoom meeting.\n\n{topic}: Tides: what now?\n{time}: {when}\n\n"
        f"{join}\n{LINK}\n\n{number}: 823 1893 7943\n{passcode}: 807001{DIAL_IN}"
    )


@pytest.mark.parametrize("language", sorted(INVITATIONS))
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_invitation_of_zooms_is_a_programme_of_one_session(language, newline):
    reading = read(invitation(language).replace("\n", newline))
    assert reading.problems == ()
    [session] = reading.programme.sessions
    assert session.title == reading.programme.event.title == "Tides: what now?"
    assert session.start.isoformat() == "2030-11-06T20:30:00+08:00"
    assert session.minutes == 60
    assert (session.known.meeting_id, session.known.passcode.value) == ("82318937943", "807001")
    assert session.timezone == "Asia/Shanghai"
    assert any("--default-length" in note.message for note in reading.notes)


def test_the_length_of_an_invitation_can_be_told():
    reading = read(invitation("English"), mapping=SourceMapping(default_length=90))
    assert [one.minutes for one in reading.require().sessions] == [90]


def test_a_place_that_is_not_known_is_asked_for():
    text = invitation("English").replace("Beijing, Shanghai", "Atlantis")
    assert read(text).programme is None


@pytest.mark.parametrize(
    "written",
    ["Novembre 6", "٦ November", "6 de noviembre de 2030 y 7 de noviembre", "6 nov 2030 28h30",
     "mittwoch, 6 november, donnerstag"],
)  # fmt: skip
def test_what_could_mean_something_else_is_not_guessed(written):
    with pytest.raises(CannotRead):
        read_when(written)


def test_no_word_is_in_two_languages_tables_with_two_meanings():
    """Each label has one meaning, whatever the language: else the order of the tables would decide."""
    from zoom_sync.adapters.sources import announcement_words as words

    tables = (words.WHEN, words.TITLE, words.LINK, words.MEETING_ID, words.PASSCODE, words.ROOM, words.MODERATORS)
    met: dict[str, str] = {}
    for number, table in enumerate(tables):
        for word in words_of(table):
            assert met.setdefault(word, str(number)) == str(number), word


def test_details_of_our_own_announcement_are_read_again():
    from factories import NOW, make_programme, make_session
    from zoom_sync.domain.publication import Announcement, Language

    session = make_session(
        room="Hall 1",
        track="Water",
        moderators=("Ann Lee", "Wei Li"),
        language="German",
        cancelled=True,
        description=None,
    )
    for language in Language:
        told = Announcement(make_programme(session), {}, NOW, language=language)
        [again] = read(write_announcement("text", told), timezone="UTC").require().sessions
        assert (again.room, again.track, again.moderators) == (session.room, session.track, session.moderators)
        assert (again.language, again.cancelled) == ("German", True)
