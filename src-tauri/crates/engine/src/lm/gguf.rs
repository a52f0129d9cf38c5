//! The header of a GGUF file (github.com/ggml-org/ggml, docs/gguf.md), read without trust.
//!
//! Every count, length and offset is checked against the bytes that are there before anything is made of it, and
//! texts and lists stay in the file: reading a header of lies costs no memory. Not here: what the keys mean.

use std::collections::HashMap;
use std::ops::Range;

use crate::lm::error::ModelError;
use crate::lm::format::Format;

/// Most keys, and most tensors, of a file. Real ones have under 100 and under 2,000.
const MOST_ENTRIES: u64 = 65_536;
/// Longest name of a key or tensor, in bytes (the format's own limit for keys).
const LONGEST_NAME: u64 = 65_535;
/// How deep lists may lie in lists.
const DEEPEST: u32 = 2;

/// A header. Borrows from the file's bytes.
pub struct Gguf<'a> {
    keys: HashMap<&'a str, Value<'a>>,
    tensors: HashMap<&'a str, Tensor>,
}

/// What a key says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// A number that is not negative, or a boolean.
    Whole(u64),
    /// A negative number.
    Negative(i64),
    /// A fraction.
    Fraction(f64),
    /// A text.
    Text(&'a str),
    /// A list.
    List(List<'a>),
}

/// A list as it lies in the file, checked to be whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct List<'a> {
    kind: u32,
    count: u64,
    bytes: &'a [u8],
}

/// Where the weights of a tensor lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    /// How its numbers are written.
    pub format: Format,
    /// Numbers of a row: the fastest dimension.
    pub columns: usize,
    /// Rows: all other dimensions multiplied.
    pub rows: usize,
    /// Its bytes in the file.
    pub bytes: Range<usize>,
}

impl<'a> Gguf<'a> {
    /// Reads the header of a whole file.
    ///
    /// # Errors
    /// `NotGguf`, `UnsupportedVersion`, `Truncated`, `Damaged`, `UnsupportedFormat`.
    pub fn read(file: &'a [u8]) -> Result<Gguf<'a>, ModelError> {
        let mut cursor = Cursor { file, at: 0 };
        if file.get(..4) != Some(b"GGUF".as_slice()) {
            return Err(ModelError::NotGguf);
        }
        cursor.take(4)?;
        let version = cursor.u32()?;
        if !(2..=3).contains(&version) {
            return Err(ModelError::UnsupportedVersion(version));
        }
        let tensor_count = cursor.u64()?;
        let key_count = cursor.u64()?;
        if tensor_count > MOST_ENTRIES || key_count > MOST_ENTRIES {
            return Err(ModelError::Damaged("too many keys or tensors"));
        }
        let mut keys = HashMap::new();
        for _ in 0..key_count {
            let name = cursor.name()?;
            let kind = cursor.u32()?;
            let value = cursor.value(kind)?;
            if keys.insert(name, value).is_some() {
                return Err(ModelError::Damaged("a key stands there twice"));
            }
        }
        let alignment = match keys.get("general.alignment") {
            None => 32,
            Some(Value::Whole(bytes)) if bytes.is_power_of_two() && *bytes <= 1 << 20 => *bytes,
            Some(_) => return Err(ModelError::Damaged("the alignment is impossible")),
        };
        let mut raw = Vec::new();
        for _ in 0..tensor_count {
            raw.push(cursor.tensor()?);
        }
        let start = (cursor.at as u64).next_multiple_of(alignment);
        let mut tensors = HashMap::new();
        for raw in raw {
            if !raw.offset.is_multiple_of(alignment) {
                return Err(ModelError::Damaged("a tensor is not aligned"));
            }
            let from = start.checked_add(raw.offset);
            let to = from.and_then(|from| from.checked_add(raw.size));
            let (Some(from), Some(to)) = (from, to) else {
                return Err(ModelError::Damaged("a tensor's place is impossible"));
            };
            if to > file.len() as u64 {
                return Err(ModelError::Truncated);
            }
            let tensor = Tensor {
                format: raw.format,
                columns: raw.columns as usize,
                rows: raw.rows as usize,
                bytes: from as usize..to as usize,
            };
            if tensors.insert(raw.name, tensor).is_some() {
                return Err(ModelError::Damaged("a tensor stands there twice"));
            }
        }
        Ok(Gguf { keys, tensors })
    }

    /// What a key says.
    pub fn key(&self, name: &str) -> Option<Value<'a>> {
        self.keys.get(name).copied()
    }

    /// A text.
    ///
    /// # Errors
    /// `MissingKey`, or `BadKey` when it is no text.
    pub fn text(&self, name: &str) -> Result<&'a str, ModelError> {
        match self.key(name) {
            Some(Value::Text(text)) => Ok(text),
            Some(_) => Err(ModelError::BadKey(name.to_owned())),
            None => Err(ModelError::MissingKey(name.to_owned())),
        }
    }

    /// A number that is not negative, or the first of a list of equal ones.
    ///
    /// # Errors
    /// `MissingKey`, or `BadKey` when it is no such number or above `most`.
    pub fn whole(&self, name: &str, most: u64) -> Result<u64, ModelError> {
        match self.key(name) {
            Some(Value::Whole(number)) if number <= most => Ok(number),
            Some(_) => Err(ModelError::BadKey(name.to_owned())),
            None => Err(ModelError::MissingKey(name.to_owned())),
        }
    }

    /// A finite fraction.
    ///
    /// # Errors
    /// `MissingKey`, or `BadKey` when it is no finite number.
    pub fn fraction(&self, name: &str) -> Result<f32, ModelError> {
        let number = match self.key(name) {
            Some(Value::Fraction(number)) => number as f32,
            Some(Value::Whole(number)) => number as f32,
            Some(_) => f32::NAN,
            None => return Err(ModelError::MissingKey(name.to_owned())),
        };
        match number.is_finite() {
            true => Ok(number),
            false => Err(ModelError::BadKey(name.to_owned())),
        }
    }

    /// A list.
    ///
    /// # Errors
    /// `MissingKey`, or `BadKey` when it is no list.
    pub fn list(&self, name: &str) -> Result<List<'a>, ModelError> {
        match self.key(name) {
            Some(Value::List(list)) => Ok(list),
            Some(_) => Err(ModelError::BadKey(name.to_owned())),
            None => Err(ModelError::MissingKey(name.to_owned())),
        }
    }

    /// Where a tensor lies.
    pub fn tensor(&self, name: &str) -> Option<&Tensor> {
        self.tensors.get(name)
    }
}

impl<'a> List<'a> {
    /// Its texts; none when it is a list of something else.
    pub fn texts(self) -> impl Iterator<Item = &'a str> {
        let mut cursor = Cursor {
            file: self.bytes,
            at: 0,
        };
        let count = if self.kind == TEXT { self.count } else { 0 };
        (0..count).map_while(move |_| cursor.text().ok())
    }

    /// Its numbers; none when it is a list of something else.
    pub fn numbers(self) -> impl Iterator<Item = f64> {
        let mut cursor = Cursor {
            file: self.bytes,
            at: 0,
        };
        let count = if self.kind < TEXT || self.kind > LIST {
            self.count
        } else {
            0
        };
        (0..count).map_while(move |_| match cursor.value(self.kind) {
            Ok(Value::Whole(number)) => Some(number as f64),
            Ok(Value::Negative(number)) => Some(number as f64),
            Ok(Value::Fraction(number)) => Some(number),
            _ => None,
        })
    }
}

const TEXT: u32 = 8;
const LIST: u32 = 9;

struct RawTensor<'a> {
    name: &'a str,
    format: Format,
    columns: u64,
    rows: u64,
    size: u64,
    offset: u64,
}

struct Cursor<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, count: u64) -> Result<&'a [u8], ModelError> {
        let rest = &self.file[self.at..];
        if count > rest.len() as u64 {
            return Err(ModelError::Truncated);
        }
        let taken = &rest[..count as usize];
        self.at += taken.len();
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let bytes = self.take(N as u64)?;
        bytes.try_into().map_err(|_| ModelError::Truncated)
    }

    fn u32(&mut self) -> Result<u32, ModelError> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, ModelError> {
        self.array().map(u64::from_le_bytes)
    }

    fn text(&mut self) -> Result<&'a str, ModelError> {
        let length = self.u64()?;
        let bytes = self.take(length)?;
        std::str::from_utf8(bytes).map_err(|_| ModelError::Damaged("a text is not UTF-8"))
    }

    fn name(&mut self) -> Result<&'a str, ModelError> {
        let length = self.u64()?;
        if length > LONGEST_NAME {
            return Err(ModelError::Damaged("a name is too long"));
        }
        let bytes = self.take(length)?;
        std::str::from_utf8(bytes).map_err(|_| ModelError::Damaged("a name is not UTF-8"))
    }

    fn value(&mut self, kind: u32) -> Result<Value<'a>, ModelError> {
        let signed = |number: i64| match u64::try_from(number) {
            Ok(number) => Value::Whole(number),
            Err(_) => Value::Negative(number),
        };
        Ok(match kind {
            0 => Value::Whole(u64::from(self.array::<1>()?[0])),
            1 => signed(i64::from(i8::from_le_bytes(self.array()?))),
            2 => Value::Whole(u64::from(u16::from_le_bytes(self.array()?))),
            3 => signed(i64::from(i16::from_le_bytes(self.array()?))),
            4 => Value::Whole(u64::from(self.u32()?)),
            5 => signed(i64::from(i32::from_le_bytes(self.array()?))),
            6 => Value::Fraction(f64::from(f32::from_le_bytes(self.array()?))),
            7 => Value::Whole(u64::from(self.array::<1>()?[0] != 0)),
            TEXT => Value::Text(self.text()?),
            LIST => Value::List(self.list(0)?),
            10 => Value::Whole(self.u64()?),
            11 => signed(i64::from_le_bytes(self.array()?)),
            12 => Value::Fraction(f64::from_le_bytes(self.array()?)),
            _ => return Err(ModelError::Damaged("a value has an unknown type")),
        })
    }

    /// Walks over a list and checks that it is whole.
    fn list(&mut self, depth: u32) -> Result<List<'a>, ModelError> {
        let kind = self.u32()?;
        let count = self.u64()?;
        let start = self.at;
        let smallest: u64 = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            TEXT | 10..=12 => 8,
            LIST => 12,
            _ => return Err(ModelError::Damaged("a list has an unknown type")),
        };
        let least = count.checked_mul(smallest);
        if least.is_none_or(|least| least > (self.file.len() - start) as u64) {
            return Err(ModelError::Truncated);
        }
        match kind {
            TEXT => {
                for _ in 0..count {
                    self.text()?;
                }
            }
            LIST if depth >= DEEPEST => return Err(ModelError::Damaged("lists lie too deep")),
            LIST => {
                for _ in 0..count {
                    self.list(depth + 1)?;
                }
            }
            _ => {
                self.take(count * smallest)?;
            }
        }
        Ok(List {
            kind,
            count,
            bytes: &self.file[start..self.at],
        })
    }

    fn tensor(&mut self) -> Result<RawTensor<'a>, ModelError> {
        let name = self.name()?;
        let dimensions = self.u32()?;
        if !(1..=4).contains(&dimensions) {
            return Err(ModelError::Damaged("a tensor has too many dimensions"));
        }
        let impossible = ModelError::Damaged("a tensor's size is impossible");
        let columns = self.u64()?;
        let mut rows: u64 = 1;
        for _ in 1..dimensions {
            rows = rows.checked_mul(self.u64()?).ok_or(impossible.clone())?;
        }
        let number = self.u32()?;
        let offset = self.u64()?;
        let Some(format) = Format::from_number(number) else {
            return Err(ModelError::UnsupportedFormat {
                tensor: name.to_owned(),
                format: number,
            });
        };
        if columns == 0 || rows == 0 || !columns.is_multiple_of(format.block() as u64) {
            return Err(impossible);
        }
        let row_bytes = (columns / format.block() as u64).checked_mul(format.block_bytes() as u64);
        let size = row_bytes.and_then(|bytes| bytes.checked_mul(rows));
        let Some(size) = size else {
            return Err(impossible);
        };
        Ok(RawTensor {
            name,
            format,
            columns,
            rows,
            size,
            offset,
        })
    }
}
