//! Writes a SentencePiece character map: a double array over the bytes of each character, then the texts
//! that replace them, as `precompiled_charsmap` of a tokenizer.json holds it (layout of darts-clone).

use std::collections::BTreeMap;

/// Characters with what replaces them.
pub(super) type Replacements = BTreeMap<char, String>;

/// The bytes of a `precompiled_charsmap`.
pub(super) fn charsmap(replacements: &Replacements) -> Vec<u8> {
    let mut text = Vec::new();
    let mut root = Node::default();
    for (character, replaced) in replacements {
        let value = text.len() as u32;
        text.extend_from_slice(replaced.as_bytes());
        text.push(0);
        let mut node = &mut root;
        for byte in character.to_string().bytes() {
            node = node.children.entry(byte).or_default();
        }
        node.value = Some(value);
    }
    let mut array = Array::default();
    array.take(0);
    array.place(&root, 0, 0);
    let mut bytes = ((array.units.len() * 4) as u32).to_le_bytes().to_vec();
    for unit in &array.units {
        bytes.extend_from_slice(&unit.to_le_bytes());
    }
    bytes.extend_from_slice(&text);
    bytes
}

#[derive(Default)]
struct Node {
    children: BTreeMap<u8, Node>,
    value: Option<u32>,
}

#[derive(Default)]
struct Array {
    units: Vec<u32>,
    taken: Vec<bool>,
    is_base: Vec<bool>,
    first_free: usize,
}

impl Array {
    /// Gives `node`, which is reached by `label`, the unit at `at`, and places all below it.
    fn place(&mut self, node: &Node, at: usize, label: u8) {
        let base = self.free_base(node);
        let offset = (at ^ base) as u32;
        assert!(offset < 1 << 21, "the map is too large for its layout");
        let leaf = u32::from(node.value.is_some()) << 8;
        self.units[at] = (offset << 10) | leaf | u32::from(label);
        if let Some(value) = node.value {
            self.take(base);
            self.units[base] = value | (1 << 31);
        }
        for byte in node.children.keys() {
            self.take(base ^ usize::from(*byte));
        }
        for (byte, child) in &node.children {
            self.place(child, base ^ usize::from(*byte), *byte);
        }
    }

    /// A base that no other node has and whose places for the value and the children are free.
    fn free_base(&mut self, node: &Node) -> usize {
        while self.taken.get(self.first_free) == Some(&true) {
            self.first_free += 1;
        }
        let mut base = self.first_free.max(1);
        loop {
            self.grow(base | 0xFF);
            let value_fits = node.value.is_none() || !self.taken[base];
            let mut places = node.children.keys().map(|byte| base ^ usize::from(*byte));
            if !self.is_base[base] && value_fits && places.all(|place| !self.taken[place]) {
                self.is_base[base] = true;
                return base;
            }
            base += 1;
        }
    }

    fn take(&mut self, place: usize) {
        self.grow(place);
        self.taken[place] = true;
    }

    fn grow(&mut self, place: usize) {
        if self.units.len() <= place {
            self.units.resize(place + 1, 0);
            self.taken.resize(place + 1, false);
            self.is_base.resize(place + 1, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The search as `tokenizers` does it: the value of the shortest known prefix.
    fn find(bytes: &[u8], key: &str) -> Option<String> {
        let size = u32::from_le_bytes(*bytes.first_chunk::<4>()?) as usize;
        let (units, _) = bytes[4..4 + size].as_chunks::<4>();
        let units: Vec<u32> = units.iter().map(|unit| u32::from_le_bytes(*unit)).collect();
        let offset = |unit: u32| ((unit >> 10) << ((unit & (1 << 9)) >> 6)) as usize;
        let mut at = offset(units[0]);
        for byte in key.bytes() {
            at ^= usize::from(byte);
            let unit = *units.get(at)?;
            if unit & ((1 << 31) | 0xFF) != u32::from(byte) {
                return None;
            }
            at ^= offset(unit);
            if (unit >> 8) & 1 == 1 {
                let start = (units[at] & ((1 << 31) - 1)) as usize;
                let rest = &bytes[4 + size + start..];
                let end = rest.iter().position(|byte| *byte == 0)?;
                return String::from_utf8(rest[..end].to_vec()).ok();
            }
        }
        None
    }

    #[test]
    fn every_character_finds_its_replacement_and_others_find_none() {
        let mut replacements = Replacements::new();
        for number in 0xA0..0x3000_u32 {
            if let Some(character) = char::from_u32(number).filter(|_| number % 3 == 0) {
                replacements.insert(character, format!("<{number}>"));
            }
        }
        replacements.insert('\u{ad}', String::new());
        let bytes = charsmap(&replacements);
        for number in 1..0x4000_u32 {
            if let Some(character) = char::from_u32(number) {
                let expected = replacements.get(&character).cloned();
                assert_eq!(find(&bytes, &character.to_string()), expected, "{number:x}");
            }
        }
    }
}
