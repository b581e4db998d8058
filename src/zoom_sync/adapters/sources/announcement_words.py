"""The words of announcements and of Zoom's own invitations in further languages. A language is a line in each table.

Imports the standard library only.
"""

# ruff: noqa: RUF001 - languages have letters of their own

from __future__ import annotations

from collections.abc import Mapping

# What stands before a session's number, by the English word that its key is made of.
HEADINGS: Mapping[str, str] = {
    "seminar": "seminario, séminaire, seminário, ندوة, الندوة, セミナー, 세미나, семинар",
    "session": "sesión, sesion, séance, sitzung, sessão, sessione, сессия, جلسة, الجلسة, セッション, 세션",
    "day": "día, dia, jour, journée, tag, giorno, день, اليوم, يوم, 日目, 일차",
    "webinar": "webinario, webinaire, seminario web, ویبینار, ウェビナー, 웨비나, вебинар",
    "workshop": "taller, atelier, oficina, ورشة, الورشة, ワークショップ, 워크숍",
    "panel": "mesa, table ronde, podium, painel, パネル",
    "lecture": "conferencia, conférence, vortrag, vorlesung, palestra, محاضرة, المحاضرة, 講演, 講義",
    "module": "módulo, modul, وحدة, モジュール",
    "part": "parte, partie, teil, الجزء, パート",
    "forum": "foro, fórum, منتدى, フォーラム",
}

WHEN = """
    fecha, hora, fecha y hora, horario, cuándo, día y hora
    heure, date et heure, horaire, quand
    datum, uhrzeit, zeit, datum und uhrzeit, wann, termin
    data, horário, data e hora, data e horário, quando
    التاريخ, الوقت, الموعد, التاريخ والوقت
    日時, 時刻, 開催日時, 日程, 時間
    ora, data e ora, orario
    시간, 일시
    время, дата, дата и время
    tijd, datum en tijd, czas, godzina, saat, zaman, tid, waktu, thời gian
"""
TITLE = """
    tema, título, asunto
    sujet, titre, thème
    thema, titel, betreff
    tópico, assunto
    الموضوع, العنوان
    トピック, テーマ, 題名, タイトル, 主題
    argomento, titolo
    주제
    тема
    onderwerp, temat, konu, ämne, topik, chủ đề
"""
LINK = """
    enlace, enlace de zoom, unirse a la reunión zoom, unirse a la reunión de zoom, entrar zoom reunión
    lien, lien zoom, participer à la réunion zoom, rejoindre la réunion zoom, participer zoom réunion
    zoom meeting beitreten, beitreten zoom meeting, an zoom meeting teilnehmen, zoom-link, teilnahmelink
    link do zoom, entrar na reunião zoom, ingressar na reunião zoom, ingressar zoom reunião, entrar zoom reunião
    رابط, رابط زووم, رابط zoom, انضم إلى اجتماع zoom, الانضمام إلى اجتماع zoom
    リンク, zoomリンク, zoomミーティングに参加する, 参加 zoom ミーティング, zoomミーティングに参加
    加入 zoom 會議, 加入zoom會議, entra nella riunione in zoom, entra zoom riunione, zoom 회의 참가, 참가 zoom 회의
    подключиться к конференции zoom, войти zoom конференция, deelnemen aan zoom-vergadering, dołącz do spotkania zoom
    zoom toplantısına katıl, katıl zoom toplantı, anslut till zoom-möte, bergabung ke rapat zoom, bergabung zoom rapat
    tham gia cuộc họp zoom
"""
MEETING_ID = """
    id de reunión, id de la reunión
    id de réunion, id de la réunion, identifiant de réunion
    meeting-id, besprechungs-id, meeting-kennung
    id da reunião
    معرف الاجتماع, معرّف الاجتماع, رقم الاجتماع
    ミーティングid, ミーティング id, ミーティングidは
    會議 id, 會議id, id riunione, 회의 id, идентификатор конференции, vergadering-id, identyfikator spotkania
    toplantı kimliği, mötes-id, id rapat, id cuộc họp
"""
WEBINAR_ID = "id del seminario web, id de webinaire, webinar-id, id do webinar, ウェビナーid, معرف الندوة"
PASSCODE = """
    código de acceso, contraseña, clave
    code secret, mot de passe, code d'accès, code d’accès
    kenncode, passwort, kennwort
    senha, senha de acesso, código de acesso
    رمز المرور, كلمة المرور
    パスコード, パスワード
    密碼, codice d'accesso, codice d’accesso, codice accesso, 암호, 비밀번호, код доступа, пароль, toegangscode
    kod dostępu, parola, lösenord, lösenkod, kode sandi, mật mã, mật khẩu
"""
QR_CODE = "código qr, code qr, qr-code, رمز qr, رمز الاستجابة السريعة, qrコード"
ITEMS = """
    ciudades, ciudades e iniciativas, iniciativas, programa, presentaciones, ponencias, proyectos
    villes, villes et initiatives, programme, présentations, projets, ordre du jour
    städte, städte und initiativen, beiträge, programm, vorträge, projekte, tagesordnung
    cidades, cidades e iniciativas, apresentações, projetos, pauta
    المدن, المدن والمبادرات, المبادرات, البرنامج, جدول الأعمال, العروض
    都市, 都市と取り組み, プログラム, 議題, 発表
"""
SPEAKERS = """
    ponentes, oradores, intervenants, orateurs, referenten, referentinnen und referenten, vortragende, palestrantes
    المتحدثون, المتحدثين, 登壇者, 講演者, 発表者
"""
EVENT_TITLES = """
    evento, próximo evento, événement, évènement, prochain événement, veranstaltung, nächste veranstaltung
    الفعالية, الحدث, المؤتمر, イベント, イベント名, conferencia, conférence, konferenz, conferência
"""
EVENT_TIMES = """
    fecha, fechas, hora, date, dates, datum, zeit, zeitraum, data, datas, período, horário, التاريخ, الوقت
    日程, 日時, 期間
"""
ROOM = "room, hall, venue, 会议室, 会场, sala, salle, raum, saal, قاعة, 会場, 部屋"
TRACK = "track, stream, 分论坛, 板块"
MODERATORS = """
    moderator, moderators, 主持人, 主持, moderador, moderadora, moderadores, modérateur, modératrice,
    modérateurs, moderation, moderação, المنسق, مدير الجلسة, 司会, モデレーター
"""
SPOKEN = "spoken language, spoken languages, 语言, idioma, langue, sprache, língua, اللغة, 言語"
STATUS = "status, state, 状态, estado, statut, الحالة, 状態"
CALLED_OFF = ("called off", "cancelled", "canceled", "已取消", "取消", "cancelado", "cancelada", "annulé", "annulée",
              "abgesagt", "ملغى", "ملغاة", "中止")  # fmt: skip


def words_of(table: str) -> list[str]:
    """The words of a table."""
    return [word.strip() for line in table.split("\n") for word in line.split(",") if word.strip()]
