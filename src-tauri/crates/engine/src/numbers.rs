//! The numbers of a text. One that no document says is never told to a customer.

use crate::ask::Given;

/// True when every number of `text` stands in one of the passages, its headings, its title, or the question.
pub(crate) fn are_known(text: &str, passages: &[Given], question: &str) -> bool {
    let said = of(text);
    if said.is_empty() {
        return true;
    }
    let mut known = of(question);
    for given in passages {
        known.extend(of(&given.text));
        known.extend(of(&given.title));
        known.extend(of(&given.headings.join(" ")));
    }
    said.iter().all(|number| known.contains(number))
}

/// Runs of digits, with what separates thousands and decimals taken out: `1 200,50` and `1,200.50` are one.
pub(crate) fn of(text: &str) -> Vec<String> {
    let signs: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut current = String::new();
    for (at, sign) in signs.iter().enumerate() {
        let parts = matches!(sign, ',' | '.' | ' ' | '\u{a0}' | '\u{202f}' | ':')
            && signs.get(at + 1).is_some_and(char::is_ascii_digit);
        // A space stands inside a number only where three digits follow it.
        let is_inside = match sign {
            ' ' | '\u{a0}' | '\u{202f}' => {
                let after = signs[at + 1..].iter().take_while(|c| c.is_ascii_digit());
                after.count() == 3
            }
            _ => true,
        };
        let ends = !(parts && is_inside);
        if sign.is_ascii_digit() {
            current.push(*sign);
        } else if ends && !current.is_empty() {
            found.push(std::mem::take(&mut current));
        }
    }
    if !current.is_empty() {
        found.push(current);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_as_numbers() {
        assert_eq!(of("1 200,50 and 1,200.50"), ["120050", "120050"]);
        assert_eq!(of("from 9 to 18, room 4 12"), ["9", "18", "4", "12"]);
        assert_eq!(of("9:30"), ["930"]);
    }
}
