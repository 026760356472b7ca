/** Text of others, which models and repositories wrote part of: shown as it is, and never as more than text. */

/** What cannot be seen, and what turns the direction of writing. */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/gu;

const SIGNS: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** For a page. */
export function escape(text: string): string {
  return text.replace(HIDDEN, "").replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
}

/** For a list or a message, in which VS Code makes a link of `[text](command:name)` and runs what it names. */
export function plain(text: string): string {
  return text.replace(HIDDEN, "").replace(/\s+/g, " ").trim().replaceAll("](", "] (");
}
