// A form that may be sent later: without a network it stays on this phone, and its reader is told so.
import { all, put, remove } from "./box.js";
import { flush, tell } from "./outbox.js";
import { owner } from "./owner.js";

const AWAY = [502, 503, 504]; // something in front of the city answers, or the city has no database
const LARGEST_FILE = 5 * 1024 * 1024;
const TOKEN = "csrf_token";
const HIDDEN = [TOKEN, "idempotency_key", "later"];

/** Send a form now; where that cannot be, keep it and say so. Rejects where it cannot be kept either. */
export async function post(request) {
  const copy = request.clone();
  const reader = await readerOf(request);
  if (await areWaiting(reader)) await flush().catch(() => {});
  if (await areWaiting(reader)) return keep(reader, copy); // behind those that were filled in before it
  try {
    const answer = await fetch(request);
    if (!reader || !AWAY.includes(answer.status)) return await arrived(reader, copy, answer);
  } catch (lost) {
    if (!reader || request.signal.aborted) throw lost;
  }
  return keep(reader, copy);
}

/** Whose form it is, or nobody's: from an old page of somebody who is not the reader here any more nothing is kept. */
async function readerOf(request) {
  const whose = new URL(request.url).searchParams.get("later");
  return whose === (await owner()) ? whose : "";
}

async function areWaiting(reader) {
  return (await all(reader)).some(({ state }) => state === "waiting");
}

/** What was refused before, mended and sent again is done with. */
async function arrived(reader, request, answer) {
  if ((await all(reader)).length === 0 || answer.status >= 400) return answer;
  await remove(reader, (await request.formData()).get("idempotency_key"));
  return answer;
}

async function keep(reader, request) {
  const fields = [...(await request.formData())].filter(([name]) => name !== TOKEN);
  if (fields.some(([, value]) => value.size > LARGEST_FILE)) return tooLarge(request);
  const given = new Map(fields);
  const about = {
    key: given.get("idempotency_key") ?? crypto.randomUUID(),
    title: given.get("later"),
    to: new URL(request.url).pathname,
    page: new URL(request.referrer).pathname,
    at: Date.now(),
    editable: fields.some(([name]) => !HIDDEN.includes(name)),
  };
  await put(reader, about, bodyOf(fields));
  await self.registration.sync?.register("outbox").catch(() => {});
  await tell({ kept: about.key });
  return answerTo(request);
}

function tooLarge(request) {
  if (!byHtmx(request)) throw new RangeError("too large to be kept");
  return new Response(null, { status: 507 });
}

function bodyOf(fields) {
  const body = fields.some(([, value]) => value instanceof File) ? new FormData() : new URLSearchParams();
  fields.forEach(([name, value]) => body.append(name, value));
  return body;
}

function answerTo(request) {
  if (!byHtmx(request)) return Response.redirect("/outbox#kept", 303);
  return new Response(null, { status: 202, headers: { "HX-Reswap": "none", "HX-Trigger-After-Settle": "outbox-kept" } });
}

function byHtmx(request) {
  return request.headers.has("HX-Request");
}
