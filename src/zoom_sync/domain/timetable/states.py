"""What the states of a session mean, by words in many languages: it takes place, it does not, or nobody knows.

Words are compared whole, without regard to case, accents, hyphens and spaces. What stands in no list is not guessed at:
the organiser is asked. A language is a line in each list.
"""

# ruff: noqa: RUF001 - languages have letters of their own

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto


class Standing(Enum):
    """Whether a session of some state takes place."""

    HELD = auto()
    CANCELLED = auto()  # it was to take place, and does not
    NOT_HELD = auto()  # it was never to take place, or that is not decided yet
    UNKNOWN = auto()


# "linked", "named", "no meeting" and "in doubt" are the states of our own tables.
_HELD = """
    confirmed, accepted, approved, scheduled, active, published, public, final, finalised, finalized, selected,
    ok, yes,
    agreed, fixed, invited, live, takes place, accepted confirmed, accept queue, linked, named, no meeting,
    in doubt,
    确认, 已确认, 接受, 已接受, 已录用, 录用, 通过, 已通过, 批准, 已批准, 已安排, 已发布, 正常, 有效, 確認,
    已確認, 已接受, 已錄用, 通過, 已通過, 已安排, 已發布,
    confirmé, confirmée, accepté, acceptée, approuvé, approuvée, validé, validée, publié, publiée, programmé,
    programmée,
    planifié, planifiée,
    bestätigt, angenommen, akzeptiert, genehmigt, geplant, veröffentlicht, zugesagt, findet statt,
    confirmado, confirmada, aceptado, aceptada, aprobado, aprobada, publicado, publicada, programado,
    programada,
    aceito, aceita, aprovado, aprovada, agendado, agendada,
    confermato, confermata, accettato, accettata, approvato, approvata, pubblicato, pubblicata, programmato,
    programmata,
    подтверждено, подтвержден, подтверждён, подтверждена, принято, принят, принята, утверждено, утвержден,
    запланировано,
    確定, 確認済み, 承認, 承認済み, 採択, 採用, 公開, 公開済み, 開催, 予定,
    확정, 확인, 확인됨, 승인, 승인됨, 채택, 공개,
    مؤكد, مؤكدة, مقبول, مقبولة, معتمد, معتمدة, منشور,
    bevestigd, geaccepteerd, goedgekeurd, bekräftad, godkänd, potwierdzony, potwierdzona, potwierdzone,
    zaakceptowany,
    onaylandı, kabul edildi, đã xác nhận, được chấp nhận, dikonfirmasi, diterima,
"""
_CANCELLED = """
    cancelled, canceled, called off, cancel, cancelation, cancellation,
    取消, 已取消,
    annulé, annulée,
    abgesagt, entfällt, storniert, ausgefallen, fällt aus,
    cancelado, cancelada, anulado, anulada, suspendido, suspendida,
    annullato, annullata, cancellato, cancellata,
    отменено, отменен, отменён, отменена,
    中止, キャンセル, 取り消し,
    취소, 취소됨,
    ملغى, ملغاة, ألغيت, تم الإلغاء,
    geannuleerd, inställd, inställt, odwołany, odwołana, odwołane, iptal, iptal edildi, đã hủy, hủy,
    dibatalkan,
"""
_NOT_HELD = """
    withdrawn, rejected, declined, refused, denied, deleted, removed, archived, inactive, disabled, hidden,
    private,
    submitted, draft, pending, proposed, in review, under review, review, evaluated, nominated, waiting,
    waitlisted,
    waitlist, wait list, waiting list, on hold, hold, backup, reserve, standby, postponed, deferred, undecided,
    unconfirmed, not confirmed, not accepted, unscheduled, unpublished, decline queue, reject queue, expired,
    incomplete,
    duplicate, no show, unassigned, tbc, tbd, to be confirmed, new, no,
    拒绝, 已拒绝, 拒稿, 未通过, 未录用, 撤回, 已撤回, 撤稿, 删除, 已删除, 草稿, 待定, 待审, 待审核, 审核中,
    待确认, 未确认, 候补, 备选, 延期, 已延期, 推迟, 已推迟, 已提交, 提交,
    拒絕, 已拒絕, 未通過, 已撤回, 刪除, 已刪除, 待審核, 審核中, 待確認, 未確認, 候補, 備選, 延期, 已延期,
    refusé, refusée, rejeté, rejetée, retiré, retirée, supprimé, supprimée, brouillon, en attente, à confirmer,
    proposé,
    proposée, soumis, soumise, reporté, reportée, liste d'attente, non confirmé, non confirmée,
    abgelehnt, zurückgezogen, gelöscht, entwurf, ausstehend, eingereicht, vorgeschlagen, warteliste,
    verschoben,
    unbestätigt, nicht bestätigt, in prüfung, zurückgestellt,
    rechazado, rechazada, retirado, retirada, eliminado, eliminada, borrador, pendiente, propuesto, propuesta,
    enviado,
    enviada, aplazado, aplazada, pospuesto, pospuesta, lista de espera, por confirmar, sin confirmar,
    rejeitado, rejeitada, recusado, recusada, excluído, excluída, rascunho, pendente, proposto, proposta,
    submetido,
    adiado, adiada, em espera, a confirmar,
    rifiutato, rifiutata, respinto, respinta, ritirato, ritirata, bozza, in attesa, proposto, rinviato,
    rinviata,
    da confermare,
    отклонено, отклонен, отклонён, отклонена, отозвано, отозван, удалено, черновик, ожидает, на рассмотрении,
    предложено,
    отложено, перенесено, лист ожидания, не подтверждено,
    却下, 不採択, 不採用, 取り下げ, 辞退, 削除, 下書き, 保留, 未定, 審査中, 提案, 延期, 補欠, 未確定, 申請中,
    거절, 거절됨, 반려, 철회, 삭제, 초안, 보류, 대기, 심사중, 연기, 연기됨, 미정, 제출,
    مرفوض, مرفوضة, مسحوب, محذوف, مسودة, معلق, معلقة, قيد الانتظار, قيد المراجعة, مؤجل, مؤجلة, قائمة الانتظار,
    afgewezen, ingetrokken, concept, in afwachting, uitgesteld, avvisad, utkast, väntande, uppskjuten,
    odrzucony,
    odrzucona, szkic, oczekujący, reddedildi, taslak, beklemede, ertelendi, bị từ chối, bản nháp, đang chờ,
    hoãn,
    ditolak, draf, menunggu, ditunda,
"""


def plain_state(text: str) -> str:
    """A state in the form that states are compared in."""
    apart = unicodedata.normalize("NFKD", text[:200].casefold())
    letters = "".join(character for character in apart if not unicodedata.combining(character))
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", letters)))


def standing_of(state: str | None) -> Standing:
    """What a state means. No state at all means that the session takes place."""
    if not state:
        return Standing.HELD
    return _MEANS.get(plain_state(state), Standing.UNKNOWN)


def _words(text: str) -> set[str]:
    return {plain_state(word) for word in re.split(r"[,\n]", text) if word.strip()}


_MEANS = {
    **dict.fromkeys(_words(_HELD), Standing.HELD),
    **dict.fromkeys(_words(_NOT_HELD), Standing.NOT_HELD),
    **dict.fromkeys(_words(_CANCELLED), Standing.CANCELLED),
}
