//! Numbers by their Excel format code, as far as people write them in price lists: thousands, decimals,
//! per cent, currency signs (ECMA-376 part 1, 18.8.31). Thousands are parted by a space.

/// The number as the format shows it; formats that are not understood show it plainly.
pub(crate) fn display(value: f64, format: &str) -> String {
    let section = section(value, format);
    let section_is_negative = value < 0.0 && format.split(';').count() > 1;
    let Some(pattern) = Pattern::read(section) else {
        return plain(value);
    };
    let shown = if section_is_negative {
        value.abs()
    } else {
        value
    };
    let scaled = if pattern.percent {
        shown * 100.0
    } else {
        shown
    };
    let mut digits = format!("{:.*}", pattern.decimals, scaled.abs());
    if pattern.decimals > pattern.fixed && digits.contains('.') {
        while digits.ends_with('0') && decimals_of(&digits) > pattern.fixed {
            digits.pop();
        }
        digits = digits.trim_end_matches('.').to_owned();
    }
    if pattern.thousands {
        digits = with_thousands(&digits);
    }
    let sign = if scaled < 0.0 && digits.chars().any(|digit| ('1'..='9').contains(&digit)) {
        "-"
    } else {
        ""
    };
    let percent = if pattern.percent { "%" } else { "" };
    format!("{}{sign}{digits}{percent}{}", pattern.before, pattern.after)
        .trim()
        .to_owned()
}

/// Days as hours and minutes: `36:30`.
pub(crate) fn duration(days: f64) -> String {
    let minutes = (days.abs() * 24.0 * 60.0).round();
    let sign = if days < 0.0 { "-" } else { "" };
    format!(
        "{sign}{}:{:02}",
        (minutes / 60.0).floor(),
        (minutes % 60.0) as u32
    )
}

/// Up to ten decimals, without the dust of binary fractions.
fn plain(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return format!("{value:.0}");
    }
    if value.abs() >= 1e15 || value.abs() < 1e-6 {
        return format!("{value}");
    }
    let text = format!("{value:.10}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The part of the code for positive, negative or zero values.
fn section(value: f64, format: &str) -> &str {
    let sections: Vec<&str> = format.split(';').collect();
    match sections[..] {
        [_, negative, ..] if value < 0.0 => negative,
        [_, _, zero, ..] if value == 0.0 && zero.contains(['0', '#', '?']) => zero,
        [first, ..] => first,
        [] => format,
    }
}

struct Pattern {
    decimals: usize,
    /// Decimals that are shown even when zero.
    fixed: usize,
    thousands: bool,
    percent: bool,
    before: String,
    after: String,
}

impl Pattern {
    fn read(section: &str) -> Option<Pattern> {
        let mut pattern = Pattern {
            decimals: 0,
            fixed: 0,
            thousands: false,
            percent: false,
            before: String::new(),
            after: String::new(),
        };
        let mut seen_digit = false;
        let mut after_point = false;
        let mut characters = section.chars();
        while let Some(character) = characters.next() {
            match character {
                '0' | '#' | '?' => {
                    seen_digit = true;
                    if after_point {
                        pattern.decimals += 1;
                        pattern.fixed += usize::from(character == '0');
                    }
                }
                '.' if seen_digit => after_point = true,
                ',' | ' ' | '\u{a0}'
                    if seen_digit && !after_point && followed_by_digit(&characters) =>
                {
                    pattern.thousands = true;
                }
                '%' => pattern.percent = true,
                '"' => {
                    let literal: String = characters
                        .by_ref()
                        .take_while(|next| *next != '"')
                        .collect();
                    pattern.literal(seen_digit, &literal);
                }
                '\\' => {
                    let literal = characters.next()?.to_string();
                    pattern.literal(seen_digit, &literal);
                }
                '_' | '*' => {
                    characters.next();
                }
                '[' => {
                    let inside: String = characters
                        .by_ref()
                        .take_while(|next| *next != ']')
                        .collect();
                    if let Some(currency) = inside.strip_prefix('$') {
                        let sign = currency.split('-').next().unwrap_or_default().to_owned();
                        pattern.literal(seen_digit, &sign);
                    }
                }
                '$' | '€' | '₽' | '£' | '¥' | '₸' | '₴' | '(' | ')' | '-' | '+' | ' ' | '/'
                | ':' | 'р' => {
                    pattern.literal(seen_digit, &character.to_string());
                }
                _ => return None,
            }
        }
        // `/` between digits is a fraction, which is not understood.
        let fraction = section.contains('/') && section.contains('?');
        (seen_digit && !fraction).then_some(pattern)
    }

    fn literal(&mut self, seen_digit: bool, text: &str) {
        if seen_digit {
            self.after.push_str(text)
        } else {
            self.before.push_str(text)
        }
    }
}

fn followed_by_digit(rest: &std::str::Chars<'_>) -> bool {
    matches!(rest.clone().next(), Some('0' | '#'))
}

fn decimals_of(digits: &str) -> usize {
    digits
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len())
}

fn with_thousands(digits: &str) -> String {
    let (whole, decimals) = match digits.split_once('.') {
        Some((whole, decimals)) => (whole, format!(".{decimals}")),
        None => (digits, String::new()),
    };
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped + &decimals
}

#[cfg(test)]
mod tests {
    use super::{display, duration};

    #[test]
    fn numbers_are_shown_as_a_person_sees_them() {
        assert_eq!(display(12000.0, "General"), "12000");
        assert_eq!(display(0.1 + 0.2, "General"), "0.3");
        assert_eq!(display(12000.0, "#,##0"), "12 000");
        assert_eq!(display(1234567.5, "#,##0.00"), "1 234 567.50");
        assert_eq!(display(0.155, "0.0%"), "15.5%");
        assert_eq!(display(990.0, "#,##0\\ \"₽\""), "990 ₽");
        assert_eq!(display(990.0, "[$€-407] #,##0.00"), "€ 990.00");
        assert_eq!(display(-5.0, "#,##0;(#,##0)"), "(5)");
        assert_eq!(display(-5.0, "0.00"), "-5.00");
        assert_eq!(display(2.5, "0.###"), "2.5");
        assert_eq!(display(2.5, "# ?/?"), "2.5");
        assert_eq!(display(12000.0, "# ##0"), "12 000");
    }

    #[test]
    fn durations_count_hours_beyond_a_day() {
        assert_eq!(duration(1.5 + 30.0 / 1440.0), "36:30");
    }
}
