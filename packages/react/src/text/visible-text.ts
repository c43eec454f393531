/** A stretch of text: shown as it is, or a character that would not show, by its code point. */
export type TextPiece = { text: string } | { hidden: string };

/** Characters that take no room, change the reading direction, or control a terminal. Tab and line ends are left alone. */
const hiddenCharacter = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}\u2028\u2029\ufff9-\ufffb]/u;
const layout = /[\t\n\r]/;
const joiner = /[\u200c\u200d]/;
const emojiVariation = "\ufe0f";
const emoji = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u;
const keycap = /[0-9#*]/;
const joiningLetter =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Splits untrusted text so that what would be invisible can be shown.
 *
 * Joiners inside an emoji or between letters that join (Persian, Hindi, ...) are spelling, not tricks, and stay.
 */
export function textPieces(text: string): TextPiece[] {
  const characters = [...text];
  const pieces: TextPiece[] = [];
  let plain = "";
  characters.forEach((character, i) => {
    if (!isHidden(character, characters[i - 1], characters[i + 1])) {
      plain += character;
      return;
    }
    if (plain !== "") pieces.push({ text: plain });
    plain = "";
    pieces.push({ hidden: codePointName(character) });
  });
  if (plain !== "") pieces.push({ text: plain });
  return pieces;
}

/** The same for places that take only a string: hidden characters become `⟦U+202E⟧`. */
export function visibleText(text: string): string {
  if (!hiddenCharacter.test(text)) return text;
  return textPieces(text)
    .map((piece) => ("text" in piece ? piece.text : `⟦${piece.hidden}⟧`))
    .join("");
}

function isHidden(character: string, before = "", after = ""): boolean {
  if (!hiddenCharacter.test(character) || layout.test(character)) return false;
  if (character === emojiVariation) return !(emoji.test(before) || keycap.test(before));
  if (!joiner.test(character)) return true;
  return !((emoji.test(before) && emoji.test(after)) || (joiningLetter.test(before) && joiningLetter.test(after)));
}

function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
