// A form that may be sent later: without a network it stays on this phone, and its reader is told so.
import { all, isWaiting, put, remove } from "./box.js";
import { askForSync, flush, tell } from "./outbox.js";
import { owner } from "./owner.js";
import { inTime, isAway } from "./patience.js";

const PATIENCE = 15_000;
const LARGEST_FILE = 5 * 1024 * 1024;
const [TOKEN, KEY, REPLACES] = ["csrf_token", "idempotency_key", "replaces"];
const HIDDEN = [KEY, "later"];

/** Send a form now; where that cannot be, keep it and say so. Rejects where it cannot be kept either. */
export async function post(request) {
  const copy = request.clone();
  const reader = await readerOf(request);
  const older = await replacedBy(request, reader);
  if (await isBehind(request, reader, older)) await inTime(flush(), PATIENCE).catch(() => {});
  if (await isBehind(request, reader, older)) return keep(reader, copy, older);
  try {
    const answer = await (reader && isSoonAnswered(request) ? inTime(fetch(request), PATIENCE) : fetch(request));
    if (!reader || !isAway(answer)) return await arrived(reader, older, answer);
  } catch (lost) {
    if (!reader || request.signal.aborted) throw lost;
  }
  return keep(reader, copy, older);
}

/** Whose form it is, or nobody's: from an old page of somebody who is not the reader here any more nothing is kept. */
async function readerOf(request) {
  const whose = new URL(request.url).searchParams.get("later");
  return whose === (await owner()) ? whose : "";
}

/** The keys of what this takes the place of: the same form pressed before, what it is a change of, and, where it says
 * that it overwrites, what still waits for the same address. */
async function replacedBy(request, reader) {
  const forms = await all(reader);
  if (forms.length === 0) return [];
  const { pathname, searchParams } = new URL(request.url);
  const given = await request.clone().formData();
  const named = [given.get(KEY), given.get(REPLACES)];
  const isOlder = (form) => searchParams.has("overwrites") && isWaiting(form) && form.to === pathname;
  return forms.filter((form) => named.includes(form.key) || isOlder(form)).map(({ key }) => key);
}

/** Whether something that was filled in before still waits for the same address. */
async function isBehind(request, reader, older) {
  const { pathname } = new URL(request.url);
  return (await all(reader)).some((form) => isWaiting(form) && form.to === pathname && !older.includes(form.key));
}

async function arrived(reader, older, answer) {
  if (answer.status < 400 || answer.headers.has("X-Saved")) await removeAll(reader, older);
  return answer;
}

async function keep(reader, request, older) {
  const fields = [...(await request.formData())].filter(([name]) => ![TOKEN, REPLACES].includes(name));
  if (fields.some(([, value]) => value.size > LARGEST_FILE)) return tooLarge(request);
  const given = new Map(fields);
  const about = {
    key: given.get(KEY),
    title: given.get("later"),
    to: new URL(request.url).pathname,
    page: new URL(request.referrer).pathname,
    at: Date.now(),
    editable: fields.some(([name]) => !HIDDEN.includes(name)),
    soon: isSoonAnswered(request),
  };
  await put(reader, about, bodyOf(fields));
  await removeAll(reader, older.filter((key) => key !== about.key));
  await askForSync();
  await tell({ kept: about.key });
  return answerTo(request);
}

const removeAll = (reader, keys) => Promise.all(keys.map((key) => remove(reader, key)));

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

/** A file may take as long as it takes. */
function isSoonAnswered(request) {
  return !request.headers.get("Content-Type")?.startsWith("multipart/");
}

function byHtmx(request) {
  return request.headers.has("HX-Request");
}
