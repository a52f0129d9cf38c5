//! Site maps (sitemaps.org): XML, its index, plain lists, packed or not.

use quick_xml::Reader;
use quick_xml::events::Event;

/// Most bytes of a site map, unpacked (the protocol: 50 MiB; ten are more than is ever read here).
pub const LIMIT: usize = 10 * 1024 * 1024;
/// Most addresses that are taken of one site map.
const MOST: usize = 20_000;
/// Longest address, in bytes.
const LONGEST: usize = 2_048;

/// What a site map lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Map {
    /// Addresses of pages.
    pub pages: Vec<String>,
    /// Addresses of other site maps.
    pub maps: Vec<String>,
}

/// Reads a site map as it came; what cannot be understood of it is left out. One that declares entities is refused:
/// no honest one does (security.md C7).
pub fn read(body: &[u8]) -> Map {
    let unpacked;
    let body = match body.starts_with(&[0x1f, 0x8b]) {
        true => match net::unpack(body, LIMIT) {
            Ok(body) => {
                unpacked = body;
                unpacked.as_slice()
            }
            Err(_) => return Map::default(),
        },
        false => body,
    };
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.starts_with('<') {
        true => of_xml(text),
        false => of_lines(text),
    }
}

fn of_xml(text: &str) -> Map {
    let mut map = Map::default();
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let (mut in_map, mut location) = (false, None::<String>);
    while map.pages.len() + map.maps.len() < MOST {
        match reader.read_event() {
            Ok(Event::DocType(declared)) if declared.contains('[') => return Map::default(),
            Ok(Event::Start(tag)) => match tag.local_name().as_ref() {
                "sitemap" => in_map = true,
                "url" => in_map = false,
                "loc" => location = Some(String::new()),
                _ => {}
            },
            Ok(Event::Text(text)) => {
                if let Some(location) = &mut location {
                    push(location, &text);
                }
            }
            Ok(Event::CData(text)) => {
                if let Some(location) = &mut location {
                    push(location, &text);
                }
            }
            Ok(Event::GeneralRef(name)) => {
                if let (Some(location), Some(sign)) = (&mut location, sign(&name)) {
                    push(location, sign);
                }
            }
            Ok(Event::End(tag)) if tag.local_name().as_ref() == "loc" => {
                let found = location.take().unwrap_or_default();
                let found = found.trim();
                let list = if in_map {
                    &mut map.maps
                } else {
                    &mut map.pages
                };
                if !found.is_empty() && found.len() < LONGEST {
                    list.push(found.to_owned());
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    map
}

fn push(location: &mut String, text: &str) {
    if location.len() + text.len() <= LONGEST {
        location.push_str(text);
    }
}

/// The sign of one of the five entities that XML has by itself.
fn sign(name: &str) -> Option<&'static str> {
    match name {
        "amp" => Some("&"),
        "lt" => Some("<"),
        "gt" => Some(">"),
        "quot" => Some("\""),
        "apos" => Some("'"),
        _ => None,
    }
}

fn of_lines(text: &str) -> Map {
    let lines = text.lines().map(str::trim);
    let addresses = lines.filter(|line| line.starts_with("http") && line.len() < LONGEST);
    Map {
        pages: addresses.take(MOST).map(str::to_owned).collect(),
        maps: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    const MAP: &str =
        "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">
        <url><loc> https://shop.example/a?x=1&amp;y=2 </loc><lastmod>2026-01-01</lastmod></url>
        <url><loc><![CDATA[https://shop.example/b]]></loc></url></urlset>";

    #[test]
    fn a_map_its_index_and_a_plain_list_are_read_packed_or_not() {
        let pages = ["https://shop.example/a?x=1&y=2", "https://shop.example/b"];
        assert_eq!(read(MAP.as_bytes()).pages, pages);
        assert_eq!(read(&packed(MAP.as_bytes())).pages, pages);
        let index = "<sitemapindex><sitemap><loc>https://shop.example/m.xml.gz</loc></sitemap></sitemapindex>";
        assert_eq!(
            read(index.as_bytes()).maps,
            ["https://shop.example/m.xml.gz"]
        );
        let list = "https://shop.example/a\nnonsense\nhttps://shop.example/b\n";
        assert_eq!(read(list.as_bytes()).pages.len(), 2);
    }

    #[test]
    fn a_bomb_is_not_unpacked_and_entities_are_refused() {
        let bomb = packed(&vec![b' '; LIMIT + 1]);
        assert!(bomb.len() < 100_000);
        assert_eq!(read(&bomb), Map::default());
        let laughs = format!("<!DOCTYPE x [<!ENTITY a \"aaaa\">]>{MAP}");
        assert_eq!(read(laughs.as_bytes()), Map::default());
        assert_eq!(read(&[0x1f, 0x8b, 1, 2]), Map::default());
        assert_eq!(read(b"<urlset><url><loc>https://a"), Map::default());
    }
}
