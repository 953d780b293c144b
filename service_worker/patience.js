// A network may be there by name only: then nothing is answered, and no error comes for minutes. Or something in front of
// the city answers for it.

const AWAY = [502, 503, 504]; // also where the city has no database

/** Whether this answer says that the city cannot be reached just now. */
export const isAway = ({ status }) => AWAY.includes(status);

/** The answer if it comes within so many milliseconds; rejects where it does not, and lets it go on. */
export function inTime(answer, patience) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("too slow")), patience);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** `fetch`, given up after so many milliseconds. Phones of five years ago have no AbortSignal.timeout. */
export async function fetchWithin(patience, url, options) {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), patience);
  try {
    return await fetch(url, { ...options, signal: control.signal });
  } finally {
    clearTimeout(timer);
  }
}
