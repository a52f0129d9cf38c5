//! What stands in letters, in English and Russian: plain words, and the same as a simple page.
//!
//! Everything that comes from people is escaped in the page. No pictures, no styles from elsewhere, nothing that
//! tells when a letter was opened.

use domain::language::Language;
use domain::member::Role;

/// The words of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// One line.
    pub subject: String,
    /// Plain.
    pub text: String,
    /// As a page.
    pub html: String,
}

/// What an invitation says.
#[derive(Debug, Clone)]
pub struct Invitation<'a> {
    /// The business's name.
    pub business: &'a str,
    /// Who invites.
    pub invited_by: &'a str,
    /// As what.
    pub role: Role,
    /// The link.
    pub link: &'a str,
    /// Whole days until it does not open any more.
    pub days: i64,
}

/// An invitation.
pub fn invitation(of: &Invitation<'_>, language: Language) -> Words {
    let Invitation {
        business,
        invited_by,
        link,
        ..
    } = of;
    match language {
        Language::RU => page(
            "ru",
            format!("Приглашение: {business}"),
            &[
                format!(
                    "{invited_by} приглашает вас в рабочее пространство «{business}» в ChatAI."
                ),
                format!("Ваша роль: {}.", role_ru(of.role)),
            ],
            Some(("Принять приглашение", link)),
            &[
                format!(
                    "Ссылка сработает один раз и действует {} {}.",
                    of.days,
                    days_ru(of.days)
                ),
                "Если вы не ждали этого письма, просто удалите его: без вас ничего не произойдёт."
                    .to_owned(),
            ],
        ),
        _ => page(
            "en",
            format!("Invitation: {business}"),
            &[
                format!("{invited_by} invites you to the workspace of {business} in ChatAI."),
                format!("Your role: {}.", role_en(of.role)),
            ],
            Some(("Accept the invitation", link)),
            &[
                match of.days {
                    1 => "The link works once, for one day.".to_owned(),
                    days => format!("The link works once, for {days} days."),
                },
                "If you did not expect this letter, delete it: nothing happens without you."
                    .to_owned(),
            ],
        ),
    }
}

/// A letter that shows that letters arrive.
pub fn test(business: &str, language: Language) -> Words {
    match language {
        Language::RU => page(
            "ru",
            format!("Проверка почты: {business}"),
            &[
                "Письма из ChatAI доходят.".to_owned(),
                "Это письмо попросили отправить в настройках; отвечать на него не нужно."
                    .to_owned(),
            ],
            None,
            &[],
        ),
        _ => page(
            "en",
            format!("Mail test: {business}"),
            &[
                "Letters from ChatAI arrive.".to_owned(),
                "Somebody asked for this one in the settings; there is no need to answer."
                    .to_owned(),
            ],
            None,
            &[],
        ),
    }
}

fn page(
    language: &str,
    subject: String,
    before: &[String],
    button: Option<(&str, &str)>,
    after: &[String],
) -> Words {
    let mut text = before.join("\n\n");
    let paragraph = |line: &String| format!("<p>{}</p>\n", escaped(line));
    let mut body: String = before.iter().map(paragraph).collect();
    if let Some((label, link)) = button {
        text.push_str(&format!("\n\n{label}:\n{link}"));
        body.push_str(&format!(
            "<p><a href=\"{0}\">{1}</a></p>\n<p>{0}</p>\n",
            escaped(link),
            escaped(label)
        ));
    }
    for line in after {
        text.push_str("\n\n");
        text.push_str(line);
        body.push_str(&paragraph(line));
    }
    text.push('\n');
    let html = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n\
         <body>\n{body}</body>\n</html>\n",
        escaped(&subject)
    );
    Words {
        subject,
        text,
        html,
    }
}

fn role_en(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner, who may do everything",
        Role::Admin => "admin, who looks after knowledge, assistants and settings",
        Role::Operator => "operator, who answers customers",
        Role::Viewer => "viewer, who looks and changes nothing",
    }
}

fn role_ru(role: Role) -> &'static str {
    match role {
        Role::Owner => "владелец, может всё",
        Role::Admin => "администратор, ведёт знания, помощников и настройки",
        Role::Operator => "оператор, отвечает клиентам",
        Role::Viewer => "наблюдатель, смотрит и ничего не меняет",
    }
}

/// The Russian word for so many days.
fn days_ru(days: i64) -> &'static str {
    match (days % 10, days % 100) {
        (_, 11..=14) => "дней",
        (1, _) => "день",
        (2..=4, _) => "дня",
        _ => "дней",
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(language: Language) -> Words {
        let of = Invitation {
            business: "Tea & <b>Kettles</b>",
            invited_by: "Olga \"O\"",
            role: Role::Operator,
            link: "https://help.shop.example/invitation#abc-_1",
            days: 7,
        };
        invitation(&of, language)
    }

    #[test]
    fn an_invitation_says_who_what_where_and_how_long_in_both_languages() {
        let english = told(Language::EN);
        assert!(english.text.contains("Olga \"O\" invites you"));
        assert!(english.text.contains("operator, who answers customers"));
        assert!(english.text.contains("once, for 7 days"));
        let russian = told(Language::RU);
        assert!(russian.subject.starts_with("Приглашение"));
        assert!(russian.text.contains("действует 7 дней"));
        for words in [&english, &russian] {
            assert!(
                words
                    .text
                    .contains("https://help.shop.example/invitation#abc-_1")
            );
            assert!(
                words
                    .html
                    .contains("href=\"https://help.shop.example/invitation#abc-_1\"")
            );
        }
    }

    #[test]
    fn what_people_are_called_is_no_markup() {
        let words = told(Language::EN);
        assert!(words.html.contains("Tea &amp; &lt;b&gt;Kettles&lt;/b&gt;"));
        assert!(!words.html.contains("<b>"));
        assert!(
            words.text.contains("<b>Kettles</b>"),
            "plain words stay plain"
        );
    }

    #[test]
    fn russian_days_are_counted_as_russians_count() {
        let words: Vec<&str> = [1, 2, 5, 7, 11, 21, 22, 30].map(days_ru).to_vec();
        assert_eq!(
            words,
            ["день", "дня", "дней", "дней", "дней", "день", "дня", "дней"]
        );
    }
}
