/** Makes a photo smaller before it travels, which spares the citizen's data plan. The server judges whatever comes. */

const PHOTO = /^image\/(jpeg|png|webp|heic|heif)$/;
const MOST = 2000; // pixels on the longer side: a page of A4 can still be read
const ENOUGH = 1000000; // bytes: what is smaller travels as it is
const QUALITY = 0.8;

/** The largest size of the same shape that is not longer than `most`: (4000, 3000) -> [2000, 1500]. */
export function fitting(width, height, most = MOST) {
  const scale = Math.min(1, most / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** What a photo is called once it is a JPEG: "IMG 1.HEIC" -> "IMG 1.jpg". */
export function asJpeg(name) {
  return `${name.replace(/\.[^.]*$/, "")}.jpg`;
}

/** A smaller file of the same photo; or the file itself where it is none, is small, or cannot be read here. */
export async function smaller(file) {
  if (!PHOTO.test(file.type)) return file;
  try {
    const picture = await createImageBitmap(file);
    const [width, height] = fitting(picture.width, picture.height);
    if (width === picture.width && file.size <= ENOUGH) return file;
    const drawn = await drawnAnew(picture, width, height);
    return drawn && drawn.size < file.size ? new File([drawn], asJpeg(file.name), { type: "image/jpeg" }) : file;
  } catch {
    return file; // a kind that this browser cannot show
  }
}

function drawnAnew(picture, width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // JPEG knows nothing to see through
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  picture.close();
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}
