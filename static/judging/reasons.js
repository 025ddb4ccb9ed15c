/** A reason code of the server → the sentence the judge reads. */

import { has, pick, say } from "../js/words.js";

/** reason = {code, args} or null; criteria of the sheet's round, to name one. */
export function sentence(reason, criteria = []) {
  if (!reason) return say("reason.unknown");
  const args = reason.args || {};
  const criterion = criteria.find((one) => one.id === args.criterion);
  const key = "reason." + reason.code;
  return has(key) ? say(key, { ...args, criterion: criterion ? pick(criterion.title) : say("reason.some_criterion") }) : say("reason.unknown");
}

/** Why a key was not taken: 「内容陈述最高 30 分，您输入了 35」. */
export function refusal({ code, entered }, criterion, words) {
  return say("typed." + code, { criterion: pick(criterion.title), entered, ...words });
}
