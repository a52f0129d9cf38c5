//! Passwords: hashed with argon2id on blocking threads, a few at once.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};

use crate::App;
use crate::error::{Error, ErrorCode, Result};

/// Hashes at once: each takes 64 MiB.
pub(crate) const AT_ONCE: usize = 4;
/// Shortest password, in characters.
pub const MIN_PASSWORD: usize = 10;
/// Longest password, in bytes: more only costs time.
const MAX_PASSWORD: usize = 512;

// The passwords that guessers try first and that are long enough to pass the length rule.
const WELL_KNOWN: &str = include_str!("../../../../assets/passwords.txt");

/// argon2id with 64 MiB, 3 passes, 1 lane (security.md C14; OWASP asks for 19 MiB and 2 at least).
fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(64 * 1024, 3, 1, None)
        .map_err(|_| Error::new(ErrorCode::Internal, "set up password hashing"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Refuses passwords that are too short, too long, or among the well-known ones.
pub(crate) fn acceptable(password: &str) -> Result<()> {
    if password.chars().count() < MIN_PASSWORD {
        return Err(Error::invalid(
            "password",
            format!("a password has at least {MIN_PASSWORD} characters"),
        ));
    }
    if password.len() > MAX_PASSWORD {
        return Err(Error::invalid(
            "password",
            format!("a password has at most {MAX_PASSWORD} bytes"),
        ));
    }
    let lower = password.to_lowercase();
    let one_letter = lower.chars().all(|c| lower.starts_with(c));
    if one_letter || WELL_KNOWN.lines().any(|known| known == lower) {
        return Err(Error::invalid(
            "password",
            "this password is among the first that are guessed",
        ));
    }
    Ok(())
}

impl App {
    /// The password's hash in PHC form.
    pub(crate) async fn hash_password(&self, password: String) -> Result<String> {
        self.hashing(move || {
            let hash = hasher()?.hash_password(password.as_bytes());
            hash.map(|hash| hash.to_string())
                .map_err(|_| Error::new(ErrorCode::Internal, "hash a password"))
        })
        .await
    }

    /// True when `password` has this hash. Takes as long when there is no hash to compare with, so that
    /// nobody learns which accounts exist.
    pub(crate) async fn verify_password(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool> {
        self.hashing(move || {
            let Some(hash) = hash else {
                let _ = hasher()?.hash_password(password.as_bytes());
                return Ok(false);
            };
            let parsed = PasswordHash::new(&hash)
                .map_err(|_| Error::new(ErrorCode::Internal, "read a password hash"))?;
            Ok(hasher()?
                .verify_password(password.as_bytes(), &parsed)
                .is_ok())
        })
        .await
    }

    async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = self.inner.hashing.acquire().await;
        let _permit = permit.map_err(|_| Error::new(ErrorCode::Busy, "hash a password"))?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| Error::new(ErrorCode::Internal, "hash a password"))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_well_known_passwords_are_refused() {
        for password in [
            "short",
            "password123",
            "1234567890",
            "aaaaaaaaaaaa",
            "Qwertyuiop",
        ] {
            assert!(acceptable(password).is_err(), "{password}");
        }
        assert!(acceptable("корова и три велосипеда").is_ok());
    }
}
