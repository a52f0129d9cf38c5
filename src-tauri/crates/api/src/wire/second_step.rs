//! The second step of signing in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a member's own second step stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondStep {
    /// True when signing in takes it.
    #[schema(example = true)]
    pub is_on: bool,
    /// Spare codes that are left.
    #[schema(example = 9)]
    pub spare_codes: u64,
}

/// A secret for an authenticator app.
#[derive(Serialize, ToSchema)]
pub struct OfferedSecondStep {
    /// As it is typed into the app.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    pub secret: String,
    /// As a QR code says it.
    #[schema(
        example = "otpauth://totp/Lindenhof:anna%40lindenhof.example?secret=JBSWY3DPEHPK3PXP&issuer=Lindenhof"
    )]
    pub uri: String,
}

/// A code of an authenticator app.
#[derive(Deserialize, ToSchema)]
pub struct AppCode {
    /// Six digits.
    #[schema(example = "123 456", max_length = 100)]
    pub code: String,
}

/// Spare codes: shown now and never again.
#[derive(Serialize, ToSchema)]
pub struct SpareCodes {
    /// Each opens once.
    #[schema(example = json!(["ABCD-EFGH-JKLM-NPQR"]))]
    pub codes: Vec<String>,
}
