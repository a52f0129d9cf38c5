//! Pictures are not read, but where somebody wrote what one shows, that is text of the document.

/// What a picture's description says, or its file's name where that says something; `None` where neither does.
pub(crate) fn said(description: &str, file: &str) -> Option<String> {
    let description: Vec<&str> = description.split_whitespace().collect();
    let description = description.join(" ");
    if says_something(&description) {
        return Some(description.chars().take(LONGEST).collect());
    }
    let name = file.split(['?', '#']).next().unwrap_or_default();
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let (name, _) = name.rsplit_once('.')?;
    let words: Vec<&str> = name
        .split(|character: char| !character.is_alphabetic())
        .filter(|word| !word.is_empty())
        .collect();
    let telling = words.iter().filter(|word| is_telling(word)).count();
    // `red-city-bike.jpg` tells, `IMG_2041.jpg` and `8fKx-qQ.png` do not.
    let is_written = words
        .iter()
        .all(|word| !word.chars().skip(1).any(char::is_uppercase));
    (telling >= 2 && telling == words.len() && is_written).then(|| words.join(" "))
}

const LONGEST: usize = 300;

/// What programs call every picture.
const GENERIC: [&str; 24] = [
    "image",
    "alt",
    "text",
    "images",
    "img",
    "picture",
    "pic",
    "photo",
    "logo",
    "icon",
    "screenshot",
    "screen",
    "shot",
    "figure",
    "graphic",
    "banner",
    "avatar",
    "thumbnail",
    "untitled",
    "рисунок",
    "изображение",
    "картинка",
    "фото",
    "скриншот",
];

fn says_something(description: &str) -> bool {
    let lower = description.to_lowercase();
    let by_a_program = [
        "automatically generated",
        "автоматически созданное",
        "ai-generated",
    ];
    if by_a_program.iter().any(|mark| lower.contains(mark)) {
        return false;
    }
    let is_file = [
        ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".emf", ".wmf", ".bmp",
    ];
    if is_file.iter().any(|ending| lower.ends_with(ending)) {
        return false;
    }
    let words: Vec<&str> = lower.split(' ').collect();
    words.len() >= 2 && words.iter().any(|word| is_telling(word))
}

fn is_telling(word: &str) -> bool {
    let word = word.to_lowercase();
    let letters = word
        .chars()
        .filter(|character| character.is_alphabetic())
        .count();
    letters >= 3 && !GENERIC.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn a_description_or_a_telling_name_is_what_a_picture_says() {
        let check = |description: &str, file: &str, expected: Option<&str>| {
            assert_eq!(said(description, file).as_deref(), expected);
        };
        check(
            " Red  city bike, side view ",
            "1.png",
            Some("Red city bike, side view"),
        );
        check(
            "",
            "pictures/red-city-bike.jpg?w=200",
            Some("red city bike"),
        );
        check("Logo", "logo.svg", None);
        check("Picture 3", "IMG_2041.jpg", None);
        check("", "8fKx-qQzz.png", None);
        check(
            "A cat on a table Description automatically generated",
            "",
            None,
        );
        check(
            "wiring-diagram.png",
            "wiring-diagram.png",
            Some("wiring diagram"),
        );
    }
}
