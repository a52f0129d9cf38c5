//! robots.txt (RFC 9309): what a site asks programs to leave alone, and how often they may come.

use net::Url;

/// How the program is named in robots.txt.
pub const NAME: &str = "chatai";
/// How much of a robots.txt is read, in bytes (RFC 9309: at least 500 KiB).
pub const LIMIT: usize = 512 * 1024;
/// Longest pause that a site may ask for, in seconds.
pub const LONGEST_PAUSE: u32 = 30;
/// Most rules of a group, and most site maps.
const MOST_RULES: usize = 5_000;
const MOST_MAPS: usize = 50;

/// What a site asks of this program.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Robots {
    rules: Vec<Rule>,
    /// Seconds between two pages, at most [`LONGEST_PAUSE`].
    pub pause: Option<f32>,
    /// Addresses of site maps.
    pub maps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    pattern: String,
    allows: bool,
}

impl Robots {
    /// Everything may be read.
    pub fn open() -> Robots {
        Robots::default()
    }

    /// Reads a robots.txt. Groups that name this program count, else those for everybody.
    pub fn read(text: &str) -> Robots {
        let (mut ours, mut all) = (Group::default(), Group::default());
        let mut maps = Vec::new();
        let (mut is_ours, mut is_all, mut in_names) = (false, false, false);
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((field, value)) = line.split_once(':') else {
                continue;
            };
            let (field, value) = (field.trim().to_ascii_lowercase(), value.trim());
            if field == "sitemap" {
                if maps.len() < MOST_MAPS {
                    maps.push(value.to_owned());
                }
                continue;
            }
            if field == "user-agent" {
                if !in_names {
                    (is_ours, is_all) = (false, false);
                }
                in_names = true;
                let name = value.split('/').next().unwrap_or_default().trim();
                is_ours |= name.eq_ignore_ascii_case(NAME);
                is_all |= name == "*";
                ours.is_there |= is_ours;
                continue;
            }
            in_names = false;
            for (group, is_meant) in [(&mut ours, is_ours), (&mut all, is_all)] {
                if is_meant {
                    group.add(&field, value);
                }
            }
        }
        let group = if ours.is_there { ours } else { all };
        Robots {
            rules: group.rules,
            pause: group.pause,
            maps,
        }
    }

    /// True when this program may read the page. The longest rule that fits decides; of two as long, the one that
    /// allows.
    pub fn allows(&self, address: &Url) -> bool {
        let path = &address[url::Position::BeforePath..url::Position::AfterQuery];
        let fitting = self.rules.iter().filter(|rule| fits(&rule.pattern, path));
        let best = fitting.max_by_key(|rule| (rule.pattern.len(), rule.allows));
        path == "/robots.txt" || best.is_none_or(|rule| rule.allows)
    }
}

#[derive(Default)]
struct Group {
    is_there: bool,
    rules: Vec<Rule>,
    pause: Option<f32>,
}

impl Group {
    fn add(&mut self, field: &str, value: &str) {
        let allows = match field {
            "allow" => true,
            "disallow" => false,
            "crawl-delay" => {
                let seconds = value.parse::<f32>().ok();
                let sensible = seconds.filter(|seconds| *seconds > 0.0);
                #[expect(clippy::cast_precision_loss, reason = "a few seconds")]
                let bounded = sensible.map(|seconds| seconds.min(LONGEST_PAUSE as f32));
                self.pause = bounded.or(self.pause);
                return;
            }
            _ => return,
        };
        if !value.is_empty() && self.rules.len() < MOST_RULES {
            let pattern = value.to_owned();
            self.rules.push(Rule { pattern, allows });
        }
    }
}

/// True when a pattern with `*` (anything) and a last `$` (the end) fits the beginning of a path. Takes as many steps
/// as pattern and path are long together, for every `*` once more.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    for (number, piece) in pieces.iter().enumerate() {
        let is_last = number + 1 == pieces.len();
        if is_last && to_end {
            return rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    !to_end || rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(robots: &Robots, path: &str) -> bool {
        robots.allows(&Url::parse(&format!("https://shop.example{path}")).unwrap())
    }

    #[test]
    fn the_longest_rule_decides_and_allowing_wins() {
        let robots = Robots::read(
            "User-agent: *\nDisallow: /private\nAllow: /private/open\nDisallow: /*.php$\nDisallow: /a\nAllow: /a\n\
             Sitemap: https://shop.example/map.xml\n",
        );
        for path in ["/", "/private/open/1", "/x.php?a=1", "/a", "/robots.txt"] {
            assert!(allows(&robots, path), "{path}");
        }
        for path in ["/private", "/private/x", "/x.php", "/in/x.php"] {
            assert!(!allows(&robots, path), "{path}");
        }
        assert_eq!(robots.maps, ["https://shop.example/map.xml"]);
    }

    #[test]
    fn a_group_that_names_us_is_the_only_one_that_counts() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: Other\nUser-agent: ChatAI/1.0\nCrawl-delay: 2.5\nDisallow: /cart # no\n";
        let robots = Robots::read(text);
        assert!(allows(&robots, "/") && !allows(&robots, "/cart/1"));
        assert_eq!(robots.pause, Some(2.5));
        assert!(!allows(
            &Robots::read(&text.replace("ChatAI", "Elsewhere")),
            "/"
        ));
    }

    #[test]
    fn nonsense_is_no_rule_and_a_pause_is_bounded() {
        let robots = Robots::read(
            "\u{feff}User-agent: *\nDisallow:\nnonsense\nCrawl-delay: 86400\nDisallow : /x",
        );
        assert!(allows(&robots, "/anything") && !allows(&robots, "/x"));
        assert_eq!(robots.pause, Some(30.0));
        assert_eq!(Robots::read("User-agent: *\nCrawl-delay: nan").pause, None);
        assert!(allows(&Robots::open(), "/"));
    }

    #[test]
    fn a_pattern_of_stars_takes_no_time() {
        let pattern = format!("/{}$", "*a".repeat(2_000));
        let path = format!("/{}b", "a".repeat(4_000));
        assert!(!fits(&pattern, &path));
    }
}
