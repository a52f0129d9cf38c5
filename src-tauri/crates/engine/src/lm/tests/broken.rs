//! Files that are damaged, lie or were made to harm.

use crate::lm::error::ModelError;
use crate::lm::gguf::Gguf;

use super::tiny::{self, File, Random, Value};

fn error(bytes: &[u8]) -> ModelError {
    match Gguf::read(bytes) {
        Ok(_) => panic!("it was read"),
        Err(error) => error,
    }
}

#[test]
fn what_is_no_gguf_is_told_so() {
    assert_eq!(error(b""), ModelError::NotGguf);
    assert_eq!(error(b"PK\x03\x04 and so on and on"), ModelError::NotGguf);
    assert_eq!(error(b"GGUF\x01\0\0\0"), ModelError::UnsupportedVersion(1));
    assert_eq!(error(b"GGUF\x03\0\0\0"), ModelError::Truncated);
}

#[test]
fn a_file_cut_anywhere_is_truncated() {
    let whole = tiny::model("llama").bytes();
    assert!(Gguf::read(&whole).is_ok());
    for length in (4..whole.len() - 64).step_by(97) {
        assert_eq!(error(&whole[..length]), ModelError::Truncated, "{length}");
    }
}

#[test]
fn huge_counts_cost_nothing() {
    for count in [1 << 17, u64::MAX, u64::MAX / 8 + 1] {
        let mut bytes = b"GGUF\x03\0\0\0".to_vec();
        bytes.extend(count.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        assert!(matches!(error(&bytes), ModelError::Damaged(_)));
        for kind in [0u32, 4, 8, 9, 12] {
            let mut bytes = b"GGUF\x03\0\0\0".to_vec();
            bytes.extend(0u64.to_le_bytes());
            bytes.extend(1u64.to_le_bytes());
            bytes.extend(1u64.to_le_bytes());
            bytes.extend(b"k");
            bytes.extend(9u32.to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend(count.to_le_bytes());
            assert_eq!(error(&bytes), ModelError::Truncated, "{kind} {count}");
        }
    }
}

#[test]
fn lists_in_lists_have_an_end() {
    let mut bytes = b"GGUF\x03\0\0\0".to_vec();
    bytes.extend(0u64.to_le_bytes());
    bytes.extend(1u64.to_le_bytes());
    bytes.extend(1u64.to_le_bytes());
    bytes.extend(b"k");
    bytes.extend(9u32.to_le_bytes());
    for _ in 0..100_000 {
        bytes.extend(9u32.to_le_bytes());
        bytes.extend(1u64.to_le_bytes());
    }
    assert_eq!(error(&bytes), ModelError::Damaged("lists lie too deep"));
}

#[test]
fn the_same_name_twice_is_refused() {
    let mut file = tiny::model("llama");
    file.tensors.push(file.tensors[0].clone());
    assert!(matches!(error(&file.bytes()), ModelError::Damaged(_)));
    let mut file = tiny::model("llama");
    file.key("general.architecture", Value::Text("qwen2".to_owned()));
    assert!(matches!(error(&file.bytes()), ModelError::Damaged(_)));
}

#[test]
fn sizes_that_overflow_are_refused() {
    for sizes in [
        vec![1 << 40, 1 << 40],
        vec![usize::MAX],
        vec![0],
        vec![1 << 31, 1 << 31, 1 << 31],
    ] {
        let mut file = File::default();
        file.tensors.push(("t".to_owned(), sizes, vec![0.0; 8]));
        let found = error(&file.bytes());
        assert!(
            matches!(found, ModelError::Damaged(_) | ModelError::Truncated),
            "{found}"
        );
    }
}

#[test]
fn an_unknown_format_is_named() {
    let mut file = File::default();
    file.tensors.push(("t".to_owned(), vec![8], vec![0.0; 8]));
    let mut bytes = file.bytes();
    // After the header, the name (8 + 1), the number of dimensions and one dimension.
    bytes[24 + 9 + 4 + 8] = 16;
    let expected = ModelError::UnsupportedFormat {
        tensor: "t".to_owned(),
        format: 16,
    };
    assert_eq!(error(&bytes), expected);
}

#[test]
fn ten_thousand_flipped_headers_make_no_panic() {
    let whole = tiny::model("gemma3").bytes();
    let mut random = Random(1);
    let header = 14_000.min(whole.len());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.gguf");
    for round in 0..10_000 {
        let mut bytes = whole.clone();
        for _ in 0..1 + random.whole() % 4 {
            let at = random.whole() as usize % header;
            bytes[at] = random.whole() as u8;
        }
        let _ = Gguf::read(&bytes);
        if round % 50 == 0 {
            std::fs::write(&path, &bytes).unwrap();
            let _ = crate::lm::model::Model::open(&path, 1, None);
        }
    }
}
