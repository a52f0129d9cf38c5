//! Files that are small and want to become large, slow or deep, made on the spot and never stored.

mod packages;
mod pages;
mod pdfs;
mod texts;

/// How far a bomb goes: small enough for every change, or as large as they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    Short,
    Full,
}

impl Scale {
    /// A number for the short run and one for the full run.
    pub fn pick(self, short: usize, full: usize) -> usize {
        match self {
            Scale::Short => short,
            Scale::Full => full,
        }
    }
}

/// A bomb: its file's name and what makes it.
pub struct Bomb {
    pub name: &'static str,
    pub make: fn(Scale) -> Made,
}

/// What a bomb is made into.
pub enum Made {
    Bytes(Vec<u8>),
    /// A file of so many zero bytes that takes no room on the disk.
    Sparse(u64),
}

impl From<Vec<u8>> for Made {
    fn from(bytes: Vec<u8>) -> Made {
        Made::Bytes(bytes)
    }
}

impl From<String> for Made {
    fn from(text: String) -> Made {
        Made::Bytes(text.into_bytes())
    }
}

/// All of them.
pub fn all() -> Vec<Bomb> {
    let lists = [packages::all(), pages::all(), pdfs::all(), texts::all()];
    lists.into_iter().flatten().collect()
}
