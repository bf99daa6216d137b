//! What a call was refused with, as a test wants to compare it.

use std::collections::HashMap;

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// A refusal, read back from its details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// gRPC's code.
    pub code: Code,
    /// The stable reason.
    pub reason: String,
    /// Facts that belong to it.
    pub metadata: HashMap<String, String>,
    /// The fields that broke a rule.
    pub fields: Vec<String>,
}

/// Reads what a call was refused with.
///
/// # Panics
/// When it was not refused, or without a reason.
#[track_caller]
pub fn refusal<T: std::fmt::Debug>(result: Result<T, Status>) -> Refusal {
    let status = result.expect_err("the call should have been refused");
    let details = status.get_error_details();
    let info = details.error_info().unwrap_or_else(|| panic!("a refusal without a reason: {status:?}"));
    let fields = details.bad_request().map(|bad| bad.field_violations.iter().map(|v| v.field.clone()).collect());
    Refusal {
        code: status.code(),
        reason: info.reason.clone(),
        metadata: info.metadata.clone(),
        fields: fields.unwrap_or_default(),
    }
}
