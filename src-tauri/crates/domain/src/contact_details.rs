//! How a customer can be reached: the e-mail addresses and phone numbers in a message.
//!
//! For the policy that asks for them outside the hours ([`crate::hours::Outside::CollectContact`]). An address is
//! what RFC 5321 and people agree on: no quotes, no comments, a domain with a dot. A number has a country's code
//! after `+` or `00`, or is written like a phone number with 10 or 11 digits; E.164 allows 15 digits at most.
//! Prices, dates, order numbers and card numbers are none. Not here: whether anybody answers there.

use std::ops::Range;

/// Most addresses and numbers of one message that are given.
pub const MAX_CONTACTS: usize = 10;
/// Longest address, in bytes (RFC 5321, 4.5.3.1.3).
const MAX_EMAIL: usize = 254;
/// Longest part before the `@`, in bytes (RFC 5321, 4.5.3.1.1).
const MAX_LOCAL: usize = 64;

/// A way to reach somebody.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Contact {
    /// An e-mail address; its domain in lowercase.
    Email(String),
    /// A phone number: its digits, behind a `+` where it was written with its country's code.
    Phone(String),
}

/// The addresses and numbers in a message, in their order, each once, at most [`MAX_CONTACTS`].
pub fn contact_details(message: &str) -> Vec<Contact> {
    let mut found: Vec<(usize, Contact)> = Vec::new();
    let mut rest = message.to_owned();
    for range in emails(message) {
        let (local, domain) = message[range.clone()].split_once('@').unwrap_or_default();
        let email = format!("{local}@{}", domain.to_lowercase());
        found.push((range.start, Contact::Email(email)));
        // The digits of an address are no number.
        rest.replace_range(range.clone(), &"@".repeat(range.len()));
    }
    found.extend(phones(&rest));
    found.sort_by_key(|(at, _)| *at);
    let mut contacts: Vec<Contact> = Vec::new();
    for (_, contact) in found {
        if !contacts.contains(&contact) && contacts.len() < MAX_CONTACTS {
            contacts.push(contact);
        }
    }
    contacts
}

/// Where addresses stand, in order.
fn emails(message: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in message.match_indices('@') {
        if found.last().is_some_and(|last| at < last.end) {
            continue;
        }
        let is_local = |c: char| c.is_alphanumeric() || "._%+-'".contains(c);
        let is_domain = |c: char| c.is_alphanumeric() || ".-".contains(c);
        let local = &message[..at];
        let from = local.trim_end_matches(is_local).len();
        let from =
            from + (local.len() - from - local[from..].trim_start_matches(['.', '\'', '-']).len());
        let domain = &message[at + 1..];
        let domain = &domain[..domain.len() - domain.trim_start_matches(is_domain).len()];
        let domain = domain.trim_end_matches(['.', '-']);
        let range = from..at + 1 + domain.len();
        // A second `@` right after it makes it neither.
        let is_clean = !message[range.end..].starts_with('@') && !message[..from].ends_with('@');
        if is_clean && is_email(&local[from..], domain) {
            found.push(range);
        }
    }
    found
}

fn is_email(local: &str, domain: &str) -> bool {
    let is_local = !local.is_empty()
        && local.len() <= MAX_LOCAL
        && !local.contains("..")
        && !local.ends_with('.');
    let labels: Vec<&str> = domain.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    };
    let top = labels.last().copied().unwrap_or_default();
    let is_top = top.chars().count() >= 2
        && (top.starts_with("xn--") || top.chars().all(char::is_alphabetic));
    is_local
        && labels.len() >= 2
        && labels.iter().all(is_label)
        && is_top
        && local.len() + 1 + domain.len() <= MAX_EMAIL
}

/// The numbers with where they begin.
fn phones(message: &str) -> Vec<(usize, Contact)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = message[at..].find(|c: char| c.is_ascii_digit() || c == '+' || c == '(')
    {
        let start = at + start;
        let end = end_of_number(message, start);
        let before = message[..start].chars().next_back();
        // `№12345`, `#12345`, `A-12345`, `https://…/12345`, `€ 1 234 567 890`: a number of something else.
        let marks = match message[start..].starts_with('+') {
            true => "/_=@",
            false => "#№/_=&@-.,$€£₽",
        };
        let is_named = before.is_some_and(|c| c.is_alphanumeric() || marks.contains(c));
        if !is_named && let Some(phone) = phone(&message[start..end], &message[end..]) {
            found.push((start, Contact::Phone(phone)));
        }
        at = end.max(start + 1);
    }
    found
}

/// The end of what is written as one number: digits, and between them a few marks and single spaces.
fn end_of_number(message: &str, start: usize) -> usize {
    let mut end = start;
    let mut last_digit = start;
    let mut gap = 0;
    for (at, c) in message[start..].char_indices() {
        let at = start + at;
        match c {
            '0'..='9' => {
                gap = 0;
                last_digit = at + 1;
            }
            '+' if at == start => {}
            ' ' | '\u{a0}' | '\u{202f}' | '-' | '‑' | '–' | '.' | '(' | ')' | '/' if gap < 3 => {
                gap += 1
            }
            _ => break,
        }
        end = last_digit;
    }
    end
}

/// The number in its plain form, when it is a phone number; `after` is what follows it.
fn phone(written: &str, after: &str) -> Option<String> {
    let is_part_of_more = after
        .chars()
        .next()
        .is_some_and(|c| c.is_alphanumeric() || "%€$£₽@_".contains(c));
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let groups: Vec<usize> = written
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .filter(|length| *length > 0)
        .collect();
    let written = written.trim_start_matches('(');
    if is_part_of_more {
        return None;
    }
    if written.starts_with('+') {
        let is_phone = (8..=15).contains(&digits.len()) && !digits.starts_with('0');
        return is_phone.then(|| format!("+{digits}"));
    }
    if let Some(abroad) = digits.strip_prefix("00") {
        let is_phone = (8..=15).contains(&abroad.len()) && !abroad.starts_with('0');
        return is_phone.then(|| format!("+{abroad}"));
    }
    // A date (`2026-12-31 18`), a span of years, an address of a computer.
    let is_date = written.starts_with("19") && groups.first() == Some(&4)
        || written.starts_with("20") && groups.first() == Some(&4)
        || groups.iter().take(3).eq([2, 2, 4].iter());
    let is_computer = written.matches('.').count() == 3 && groups.len() == 4;
    // `1 234 567 890`: thousands.
    let is_thousands = groups.len() > 2
        && groups[1..].iter().all(|length| *length == 3)
        && !written.contains(['-', '(', '/']);
    let is_phone = matches!(digits.len(), 10 | 11)
        || groups.len() > 1 && digits.starts_with('0') && (9..=12).contains(&digits.len());
    (is_phone && !is_date && !is_computer && !is_thousands).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(text: &str) -> Contact {
        Contact::Email(text.to_owned())
    }

    fn phone(text: &str) -> Contact {
        Contact::Phone(text.to_owned())
    }

    #[test]
    fn addresses_are_found_in_sentences() {
        for (message, expected) in [
            (
                "write to Ann.Smith+shop@Example.CO.UK.",
                "Ann.Smith+shop@example.co.uk",
            ),
            ("моя почта: ivan_1990@mail.ru, пишите", "ivan_1990@mail.ru"),
            ("<o'neil@firm-1.example>", "o'neil@firm-1.example"),
            ("почта@пример.рф", "почта@пример.рф"),
            ("mailto:a@b.io?subject=x", "a@b.io"),
            ("(bob@xn--e1afmkfd.xn--p1ai)", "bob@xn--e1afmkfd.xn--p1ai"),
        ] {
            assert_eq!(contact_details(message), [email(expected)], "{message}");
        }
    }

    #[test]
    fn what_only_looks_like_an_address_is_none() {
        for message in [
            "@anna",
            "anna@",
            "a@b",
            "a@b.1",
            "a..b@c.de",
            "two@@signs.example",
            "meet @ 5.30 pm",
            "a.@b.de",
            "x@-y.de",
        ] {
            assert_eq!(contact_details(message), [], "{message}");
        }
    }

    #[test]
    fn numbers_of_many_countries_are_found() {
        for (message, expected) in [
            ("+49 30 901820", "+4930901820"),
            ("call me: +1 (415) 555-2671 please", "+14155552671"),
            ("+7 (912) 345-67-89", "+79123456789"),
            ("8 912 345-67-89", "89123456789"),
            ("8(912)3456789", "89123456789"),
            ("мой номер 89123456789, Иван", "89123456789"),
            ("9123456789", "9123456789"),
            ("0044 20 7946 0958", "+442079460958"),
            ("020 7946 0958", "02079460958"),
            ("0171/1234567", "01711234567"),
            ("01 23 45 67 89", "0123456789"),
            ("(415) 555-2671", "4155552671"),
            ("415.555.2671", "4155552671"),
            ("+86 138 0013 8000", "+8613800138000"),
            ("+998 90 123 45 67.", "+998901234567"),
            ("тел.+375291234567", "+375291234567"),
        ] {
            assert_eq!(contact_details(message), [phone(expected)], "{message}");
        }
    }

    #[test]
    fn prices_dates_orders_and_cards_are_no_numbers() {
        for message in [
            "it costs 1 234 567 890",
            "2026-12-31 18:30",
            "31.12.2026 10 00",
            "order #1234567890",
            "заказ №12345678901",
            "4276 1234 5678 9012",
            "192.168.100.101",
            "12345",
            "10:30",
            "+5",
            "A-1234567890",
            "https://shop.example/9123456789",
            "€ 99",
            "1234567890€",
            "from 2010 to 2020",
            "2010 2020 20",
            "",
            "+++",
            "((((",
        ] {
            assert_eq!(contact_details(message), [], "{message}");
        }
    }

    #[test]
    fn several_come_in_their_order_and_once() {
        assert_eq!(
            contact_details("+4930901820 or a1234567890@b.de, again +49 30 901820"),
            [phone("+4930901820"), email("a1234567890@b.de")]
        );
        let many = (0..30).map(|n| format!("a{n}@b.de ")).collect::<String>();
        assert_eq!(contact_details(&many).len(), MAX_CONTACTS);
    }
}
