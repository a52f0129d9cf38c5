//! Bytes of plain text -> characters, with the encoding found out.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Text and the name of the encoding it was in (`utf-8`, `windows-1251`).
pub(crate) struct Decoded<'b> {
    pub(crate) text: Cow<'b, str>,
    pub(crate) encoding: String,
}

/// Decodes text: byte order mark, then the pattern of zero bytes, then UTF-8, then `declared` (what the file
/// says of itself), then a guess from the letters.
pub(crate) fn decode<'b>(bytes: &'b [u8], declared: Option<&str>) -> Decoded<'b> {
    if let Some(text) = utf_32(bytes) {
        return Decoded {
            text: Cow::Owned(text),
            encoding: "utf-32".to_owned(),
        };
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decoded(encoding, &bytes[mark..]);
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        return decoded(encoding, bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded {
            text: Cow::Borrowed(text),
            encoding: "utf-8".to_owned(),
        };
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.as_bytes()));
    if let Some(encoding) = declared.filter(|encoding| *encoding != UTF_8) {
        return decoded(encoding, bytes);
    }
    if mostly_utf_8(bytes) {
        return decoded(UTF_8, bytes);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // The first megabyte decides as well as all of it.
    detector.feed(&bytes[..bytes.len().min(1 << 20)], true);
    decoded(detector.guess(None, Utf8Detection::Deny), bytes)
}

/// True when the bytes can be text in some encoding: no zero bytes but those of UTF-16 and UTF-32.
pub(crate) fn looks_like_text(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(64 << 10)];
    if Encoding::for_bom(head).is_some() || utf_16_without_mark(head).is_some() || is_utf_32(head) {
        return true;
    }
    let odd = head
        .iter()
        .filter(|byte| matches!(byte, 0x00..=0x08 | 0x0e..=0x1a | 0x1c..=0x1f))
        .count();
    !head.contains(&0) && odd * 50 <= head.len()
}

fn decoded<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> Decoded<'b> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Decoded {
        text,
        encoding: encoding.name().to_ascii_lowercase(),
    }
}

fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    if head.len() < 8 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let even = head.iter().step_by(2).filter(|byte| **byte == 0).count();
    let odd = head
        .iter()
        .skip(1)
        .step_by(2)
        .filter(|byte| **byte == 0)
        .count();
    // Spaces, digits and line feeds have a zero high byte in every script; low bytes are hardly ever zero.
    let pairs = head.len() / 2;
    if odd * 10 >= pairs && even * 100 < pairs {
        return Some(UTF_16LE);
    }
    (even * 10 >= pairs && odd * 100 < pairs).then_some(UTF_16BE)
}

fn is_utf_32(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe, 0, 0]) || bytes.starts_with(&[0, 0, 0xfe, 0xff])
}

fn utf_32(bytes: &[u8]) -> Option<String> {
    if !is_utf_32(bytes) {
        return None;
    }
    let little = bytes[0] == 0xff;
    let units = bytes[4..].chunks_exact(4).map(|unit| {
        let unit = [unit[0], unit[1], unit[2], unit[3]];
        let value = if little {
            u32::from_le_bytes(unit)
        } else {
            u32::from_be_bytes(unit)
        };
        char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER)
    });
    Some(units.collect())
}

/// UTF-8 with a few broken bytes, as when a file was cut in the middle of a character.
fn mostly_utf_8(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let broken = text
        .chars()
        .filter(|character| *character == char::REPLACEMENT_CHARACTER)
        .count();
    let foreign = text
        .chars()
        .filter(|character| !character.is_ascii())
        .count();
    foreign > broken * 20
}

#[cfg(test)]
mod tests {
    use encoding_rs::{KOI8_U, UTF_16LE, WINDOWS_1251, WINDOWS_1252};

    use super::decode;

    const RUSSIAN: &str =
        "Доставка по городу бесплатна при заказе от 3000 рублей. Возврат — в течение 14 дней.";

    #[test]
    fn russian_encodings_are_found_out() {
        for encoding in [WINDOWS_1251, KOI8_U] {
            let (bytes, _, _) = encoding.encode(RUSSIAN);
            assert_eq!(
                decode(&bytes.replace_dash(), None).text,
                RUSSIAN.replace('—', "-")
            );
        }
        assert_eq!(decode(RUSSIAN.as_bytes(), None).encoding, "utf-8");
    }

    #[test]
    fn latin_1_is_found_out() {
        let (bytes, _, _) =
            WINDOWS_1252.encode("Prix : à partir de 25 € déjà réglés, près du café");
        let decoded = decode(&bytes, None);
        assert_eq!(decoded.encoding, "windows-1252");
        assert!(decoded.text.contains("déjà"));
    }

    #[test]
    fn utf_16_needs_no_mark() {
        let bytes: Vec<u8> = RUSSIAN.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let decoded = decode(&bytes, None);
        assert_eq!(decoded.text, RUSSIAN);
        assert_eq!(decoded.encoding, UTF_16LE.name().to_ascii_lowercase());
    }

    trait ReplaceDash {
        fn replace_dash(&self) -> Vec<u8>;
    }

    impl ReplaceDash for [u8] {
        /// KOI8 has no long dash: the encoder writes `&#8212;` for it.
        fn replace_dash(&self) -> Vec<u8> {
            let mut bytes = self.to_vec();
            if let Some(at) = bytes.windows(7).position(|window| window == b"&#8212;") {
                bytes.splice(at..at + 7, *b"-");
            }
            if let Some(at) = bytes.iter().position(|byte| *byte == 0x97) {
                bytes[at] = b'-';
            }
            bytes
        }
    }
}
