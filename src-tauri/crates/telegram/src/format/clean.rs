//! Characters that Telegram does not take, or that nobody sees.

/// A text without control characters, invisible orders of writing direction and the like: line feeds stay, other
/// line ends become line feeds, a tab becomes four spaces.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => out.push('\n'),
            '\t' => out.push_str("    "),
            _ if is_dropped(c) => {}
            _ => out.push(c),
        }
    }
    out
}

/// One line of a text that is [`clean`], words a space apart.
pub fn line(text: &str) -> String {
    let words: Vec<String> = clean(text).split_whitespace().map(str::to_owned).collect();
    words.join(" ")
}

/// True for a character that leaves something on the screen.
pub fn is_visible(c: char) -> bool {
    let is_empty = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}');
    !is_empty && !c.is_whitespace() && !c.is_control()
}

fn is_dropped(c: char) -> bool {
    let is_direction = matches!(c, '\u{202a}'..='\u{202e}');
    let is_no_character = matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}');
    c.is_control() || is_direction || is_no_character
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_go_and_lines_stay() {
        assert_eq!(
            clean("a\0b\u{7}c\r\nd\re\tf\u{2028}g\u{202e}h"),
            "abc\nd\ne    f\ngh"
        );
        assert_eq!(line(" a \n\n b\u{0}\t c "), "a b c");
    }

    #[test]
    fn what_nobody_sees_is_known() {
        for c in [
            '\u{200b}',
            '\u{3164}',
            '\u{2800}',
            ' ',
            '\n',
            '\u{0}',
            '\u{e0041}',
        ] {
            assert!(!is_visible(c), "{c:?}");
        }
        for c in ['a', 'я', '中', '😀', '.', '\u{301}'] {
            assert!(is_visible(c), "{c:?}");
        }
    }
}
