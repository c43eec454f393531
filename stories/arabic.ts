import type { ApprovalRequest, ApprovalStatus, Risk } from "@holdpoint/core";
import type { LookOptions } from "@holdpoint/react";

const risks: Record<Risk, string> = { low: "منخفض", medium: "متوسط", high: "مرتفع", critical: "حرج" };

const statuses: Record<ApprovalStatus, string> = {
  pending: "قيد الانتظار",
  approved: "تمت الموافقة",
  rejected: "مرفوضة",
  answered: "تمت الإجابة",
  timed_out: "انتهت المهلة",
  cancelled: "مسحوبة",
};

const decided: Partial<Record<ApprovalStatus, string>> = { approved: "وافق عليها", rejected: "رفضها" };

const runStatuses: Record<string, string> = { running: "قيد التشغيل", waiting: "بالانتظار", completed: "مكتملة" };

const stepKinds: Record<string, string> = { step: "خطوة", approval: "موافقة" };

/** A right-to-left page with the texts of the card, the inbox and the timeline in Arabic. */
export const arabicLook: LookOptions = {
  locale: "ar",
  dir: "rtl",
  messages: {
    "risk.short": ({ risk }) => risks[risk],
    "risk.long": ({ risk }) => `الخطر: ${risks[risk]}`,
    "card.requestedBy": ({ name }) => ["بطلب من ", name],
    "card.run": ({ name }) => `تشغيل ${name}`,
    "card.sent": "ما سيتم إرساله",
    "card.done": "ما سيتم تنفيذه",
    "card.asked": ({ approved }) => (approved ? "ما تمت الموافقة عليه" : "ما كان مطلوبًا"),
    "card.agentMessage": "كتبه الوكيل",
    "deadline.left": ({ time }) => `بقي ${time}`,
    "deadline.full": ({ time }) => `تنتهي المهلة خلال ${time}`,
    "email.from": "من",
    "email.to": "إلى",
    "email.subject": "الموضوع",
    "argument.raw": "النص الخام",
    "comment.label": "تعليق",
    "comment.placeholder": "أضف تعليقًا أو سبب الرفض",
    "action.approve": "موافقة",
    "action.reject": "رفض",
    "action.edit": "تعديل",
    "inbox.title": "بحاجة إلى انتباهك",
    "inbox.mineLabel": ({ count }, format) => `${format.number(count)} بانتظارك`,
    "inbox.searchLabel": "البحث في الموافقات",
    "inbox.searchPlaceholder": "البحث في الموافقات",
    "inbox.filtersLabel": "عرض",
    "inbox.listLabel": "الموافقات",
    "inbox.choose": "اختر موافقة لعرضها هنا",
    "filter.pending": "قيد الانتظار",
    "filter.mine": "لي",
    "filter.highRisk": "خطر مرتفع",
    "filter.dueFirst": "الأقرب موعدًا",
    "filter.decided": "تم البت فيها",
    "connection.live": "مباشر",
    "kind.question": "سؤال",
    "status.name": ({ status }) => statuses[status],
    "outcome.title": ({ status, names }) => `${decided[status] ?? statuses[status]} ${names ?? ""}`,
    "run.status": ({ status }) => runStatuses[status] ?? status,
    "run.startedBy": ({ name }) => `بدأها ${name}`,
    "run.version": ({ version }, format) => `الإصدار ${format.number(version)}`,
    "run.kind": ({ kind }) => stepKinds[kind] ?? kind,
    "run.since": ({ time }) => `بدأت ${time}`,
    "run.waits": "بانتظار القرار",
    "run.stepsLabel": "الخطوات",
    "run.input": "المدخلات",
    "run.output": "المخرجات",
    "run.cancel": "إلغاء التشغيل",
    "stage.needed": ({ approved, needed }, format) => `${format.number(approved)} من ${format.number(needed)}`,
    "stage.group": ({ name }) => `مجموعة ${name}`,
    "stage.asked": ({ names }) => `السؤال موجه إلى: ${names}`,
    "claim.held": ({ name, own, time }) => `${own ? "أنت تعمل" : `${name} يعمل`} عليها حتى ${time}`,
    "action.claim": "أتولّاها",
    "action.release": "ترك",
    "escalation.since": ({ time }) => `تم التصعيد ${time}`,
    "escalation.next": ({ time }) => `التصعيد خلال ${time}`,
    "stage.of": ({ approved, needed }, format) => `${format.number(approved)} من ${format.number(needed)}`,
  },
};

/** The outreach email as an Arabic-speaking team writes it, with addresses that run the other way. */
export const arabicEmail: ApprovalRequest = {
  title: "إرسال رسالة إلى آنا رويز، مطعم كاسا أولمو",
  message: "أعاد المطعم افتتاح شرفته في 12 نوفمبر، والعرض يشير إلى ذلك. الأسلوب ودي ومن دون خصم.",
  action: {
    name: "send_email",
    args: {
      from: "Jo Brandt <jo@acme.example>",
      to: "Ana Ruiz <ana@casaolmo.example>",
      subject: "قائمة الشرفة الجديدة وأمسيات الجمعة",
      body: "مرحبًا آنا،\n\nمررت بمطعم Casa Olmo الأسبوع الماضي ورأيت أن الشرفة عادت. مبارك القائمة الجديدة.\n\nهل يناسبك يوم الثلاثاء في العاشرة لمكالمة قصيرة؟\n\nجو",
    },
  },
  allow: ["approve", "edit", "reject"],
  labels: { approve: "إرسال الرسالة" },
  requestedBy: { id: "outreach-agent", name: "وكيل التواصل", kind: "agent" },
  source: { engine: "holdpoint", workflow: "outreach", runId: "outreach-1043", gate: "send" },
  timeout: "24h",
};
