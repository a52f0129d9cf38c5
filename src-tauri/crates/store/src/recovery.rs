//! The recovery code: opens the secrets of a backup on a computer that has not their master key.
//!
//! The code is 130 random bits, so the key made from it needs no slow hash: nobody can try 2^130 codes, and
//! argon2id would only cost the owner's time and memory. It is shown once and kept nowhere. Its key is kept, sealed
//! by the master key, so that data keys made later are sealed by it too.

use std::fmt;

use domain::time::Timestamp;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::master::{KeyPlace, Master};
use crate::seal::{Key, Keys, Sealed, aad, open_key, random, seal, versions};
use crate::{Store, secrets, sql};

/// 32 characters that are told apart when read aloud or written by hand: no 0 and O, no 1 and I.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Characters of 5 random bits each.
const RANDOM: usize = 26;
/// Characters that betray a slip of the pen: one slip in 1,024 goes unseen.
const CHECK: usize = 2;
/// Characters of a group.
const GROUP: usize = 4;

/// A code that an owner writes down.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode([u8; RANDOM + CHECK]);

impl RecoveryCode {
    /// A new one.
    fn make() -> Result<RecoveryCode, StoreError> {
        // 32 divides 256: every character is as likely as any other.
        let bytes = random::<RANDOM>()?;
        let letters = bytes.map(|byte| ALPHABET[usize::from(byte % 32)]);
        Ok(RecoveryCode::with_check(letters))
    }

    fn with_check(letters: [u8; RANDOM]) -> RecoveryCode {
        let hash = Sha256::new()
            .chain_update(b"chatai recovery check")
            .chain_update(letters)
            .finalize();
        let mut code = [0; RANDOM + CHECK];
        code[..RANDOM].copy_from_slice(&letters);
        for (place, byte) in code[RANDOM..].iter_mut().zip(hash) {
            *place = ALPHABET[usize::from(byte % 32)];
        }
        RecoveryCode(code)
    }

    /// Reads a code as people write it: in any case, grouped or not, and with Cyrillic letters that look like the
    /// Latin ones. `BadCode` when a character is missing, wrong, or too much.
    pub fn parse(text: &str) -> Result<RecoveryCode, StoreError> {
        let mut letters = Vec::with_capacity(RANDOM + CHECK);
        for letter in text.chars() {
            if letter.is_whitespace() || matches!(letter, '-' | '–' | '—' | '.' | '_') {
                continue;
            }
            let letter = latin(letter).ok_or(StoreError::BadCode)?;
            if letters.len() == RANDOM + CHECK || !ALPHABET.contains(&letter) {
                return Err(StoreError::BadCode);
            }
            letters.push(letter);
        }
        let code: [u8; RANDOM + CHECK] = letters.try_into().map_err(|_| StoreError::BadCode)?;
        let mut random = [0; RANDOM];
        random.copy_from_slice(&code[..RANDOM]);
        let expected = RecoveryCode::with_check(random);
        match expected.0 == code {
            true => Ok(expected),
            false => Err(StoreError::BadCode),
        }
    }

    /// As it is shown: seven groups of four, `ABCD-EFGH-…`.
    pub fn grouped(&self) -> String {
        let groups: Vec<_> = self.0.chunks(GROUP).map(String::from_utf8_lossy).collect();
        groups.join("-")
    }

    fn key(&self) -> Key {
        Sha256::new()
            .chain_update(b"chatai recovery key 1")
            .chain_update(self.0)
            .finalize()
            .into()
    }
}

impl fmt::Debug for RecoveryCode {
    /// The code is not shown: it must not come into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode")
    }
}

/// The Latin capital of a letter or of its Cyrillic double.
fn latin(letter: char) -> Option<u8> {
    let double = match letter {
        'А' | 'а' => 'A',
        'В' | 'в' => 'B',
        'Е' | 'е' => 'E',
        'К' | 'к' => 'K',
        'М' | 'м' => 'M',
        'Н' | 'н' => 'H',
        'Р' | 'р' => 'P',
        'С' | 'с' => 'C',
        'Т' | 'т' => 'T',
        'У' | 'у' => 'Y',
        'Х' | 'х' => 'X',
        other => other,
    };
    u8::try_from(double.to_ascii_uppercase()).ok()
}

/// How recovery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovery {
    /// When the code that backups can be opened with was made; `None` when there is none.
    pub made_at: Option<Timestamp>,
    /// False when that code cannot open secrets that are kept from now on: a new one is wanted.
    pub holds: bool,
}

impl Store {
    /// Makes a code that opens the secrets of backups made from now on; shown once and kept nowhere. Backups made
    /// before go on opening with the code of their time.
    pub async fn new_recovery_code(&self, now: Timestamp) -> Result<RecoveryCode, StoreError> {
        let keys = self.inner.keys.clone();
        self.write(move |tx| {
            let code = RecoveryCode::make()?;
            let key = code.key();
            keep_sealed(tx.conn, &keys.master, &key, now)?;
            for version in versions(tx.conn)? {
                // A data key that is closed here stays sealed by the code of its time.
                if let Some(data_key) = keys.of(version) {
                    keep(tx.conn, version, &data_key, &key)?;
                }
            }
            Ok(code)
        })
        .await
    }

    /// How recovery stands.
    pub async fn recovery(&self) -> Result<Recovery, StoreError> {
        let keys = self.inner.keys.clone();
        self.read(move |conn| {
            let query = "SELECT made_at FROM recovery";
            let made_at = sql::one(conn, query, [], |row| sql::time_at(row, 0))?;
            Ok(Recovery {
                made_at,
                holds: key(conn, &keys.master)?.is_some(),
            })
        })
        .await
    }

    /// Opens with a code what the master key does not open, and seals it by this computer's master key from now
    /// on. Says how many secrets can be read again. `WrongCode` when there is something to open, but not with this.
    pub async fn open_with_code(
        &self,
        code: RecoveryCode,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let keys = self.inner.keys.clone();
        self.write(move |tx| open_closed(tx.conn, &keys, &code, now))
            .await
    }

    /// Where the master key is found. A keychain that has to be asked takes two seconds at most.
    pub async fn key_place(&self) -> Result<KeyPlace, StoreError> {
        let keys = self.inner.keys.clone();
        let looking = tokio::task::spawn_blocking(move || keys.master.found_in());
        looking
            .await
            .map_err(|error| StoreError::Database(Box::new(error)))
    }
}

/// The recovery key, when there is one and the master key opens it.
pub(crate) fn key(conn: &Connection, master: &Master) -> Result<Option<Key>, StoreError> {
    let query = "SELECT nonce, sealed FROM recovery";
    let Some(sealed) = sql::one(conn, query, [], |row| Sealed::at(row, 0))? else {
        return Ok(None);
    };
    let in_file = master.in_file()?;
    let by_file = in_file.and_then(|master| open_key(&master, &own_aad(), &sealed));
    Ok(by_file.or_else(|| open_key(&master.in_keychain()?, &own_aad(), &sealed)))
}

/// Keeps a data key sealed by the recovery key.
pub(crate) fn keep(
    conn: &Connection,
    version: u32,
    data_key: &Key,
    recovery: &Key,
) -> Result<(), StoreError> {
    let sealed = seal(recovery, &data_key_aad(version), data_key)?;
    sql::run(
        conn,
        "INSERT INTO recovery_keys (version, nonce, sealed) VALUES (?1, ?2, ?3)
         ON CONFLICT (version) DO UPDATE SET nonce = excluded.nonce, sealed = excluded.sealed",
        params![version, sealed.nonce, sealed.bytes],
    )?;
    Ok(())
}

/// Opens the closed data keys with a code; see [`Store::open_with_code`].
pub(crate) fn open_closed(
    conn: &Connection,
    keys: &Keys,
    code: &RecoveryCode,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let recovery = code.key();
    let query = "SELECT version, nonce, sealed FROM recovery_keys";
    let rows = sql::many(conn, query, [], |row| {
        Ok((row.get::<_, u32>(0)?, Sealed::at(row, 1)?))
    })?;
    let mut opened = 0;
    let mut fits = false;
    for (version, sealed) in rows {
        let Some(data_key) = open_key(&recovery, &data_key_aad(version), &sealed) else {
            continue;
        };
        fits = true;
        if keys.of(version).is_some() {
            continue;
        }
        keys.adopt(conn, version, data_key)?;
        opened += sql::the(
            conn,
            "SELECT count(*) FROM secrets WHERE key_version = ?1",
            [version],
            |row| sql::count_at(row, 0),
        )?;
    }
    if !fits {
        // Where nothing is closed, another code does no harm.
        let nothing_to_open = secrets::closed(conn, keys)?.is_empty();
        return match nothing_to_open {
            true => Ok(0),
            false => Err(StoreError::WrongCode),
        };
    }
    // The code goes on being the one, unless this computer has made its own since.
    if key(conn, &keys.master)?.is_none() {
        keep_sealed(conn, &keys.master, &recovery, now)?;
    }
    Ok(opened)
}

fn keep_sealed(
    conn: &Connection,
    master: &Master,
    recovery: &Key,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sealed = seal(&master.for_sealing()?, &own_aad(), recovery)?;
    sql::run(
        conn,
        "INSERT INTO recovery (id, nonce, sealed, made_at) VALUES (1, ?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET
             nonce = excluded.nonce, sealed = excluded.sealed, made_at = excluded.made_at",
        params![sealed.nonce, sealed.bytes, now.0],
    )?;
    Ok(())
}

fn own_aad() -> Vec<u8> {
    aad(&[b"recovery", b"sealed"])
}

fn data_key_aad(version: u32) -> Vec<u8> {
    aad(&[b"recovery_keys", b"sealed", &version.to_be_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_however_it_is_written() {
        let code = RecoveryCode::make().unwrap();
        let shown = code.grouped();
        assert_eq!(shown.len(), 34, "seven groups of four");
        assert!(!shown.contains(['0', 'O', '1', 'I']));
        let ways = [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', ""),
            shown.replace('-', " \n"),
            shown
                .replace('A', "А")
                .replace('H', "н")
                .replace('-', " – "),
        ];
        for way in ways {
            assert!(RecoveryCode::parse(&way).unwrap() == code, "{way}");
        }
        assert!(format!("{code:?}").len() < 20, "it is not shown in a log");
    }

    #[test]
    fn a_slip_of_the_pen_is_seen() {
        let code = RecoveryCode::with_check(*b"ABCDEFGHJKLMNPQRSTUVWXYZ23");
        let shown = code.grouped();
        let mut unseen = 0;
        let mut slips = 0;
        for at in 0..shown.len() {
            for letter in ALPHABET {
                let mut slip = shown.clone().into_bytes();
                if slip[at] == b'-' || slip[at] == *letter {
                    continue;
                }
                slip[at] = *letter;
                slips += 1;
                unseen += u32::from(RecoveryCode::parse(&String::from_utf8_lossy(&slip)).is_ok());
            }
        }
        assert_eq!(slips, 28 * 31);
        assert!(unseen <= 3, "{unseen} of {slips}");
        for wrong in ["", "ABCD", &shown[1..], &format!("{shown}A"), "0O1I"] {
            assert!(matches!(
                RecoveryCode::parse(wrong),
                Err(StoreError::BadCode)
            ));
        }
    }
}
