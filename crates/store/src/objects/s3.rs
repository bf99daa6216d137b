//! An S3-compatible store.
//!
//! Every object is one request: with its SHA-256 in a header that the store checks, and on a condition where it must not take
//! another's place. Nothing that is kept here is large enough for the many requests of a multipart upload, which would know
//! neither one checksum nor that condition and leave parts behind that cost.

use std::{sync::Arc, time::Duration};

use object_store::{
    ClientOptions, RetryConfig,
    aws::{AmazonS3Builder, Checksum, S3ConditionalPut},
    prefix::PrefixStore,
};

use super::{Error, Objects, again::LIMIT};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(2);

/// What the environment may say of who we are, for machines that are given their keys. Where the store is, it may not: that is
/// the configuration's.
const CREDENTIALS: [&str; 10] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_ENDPOINT_URL_STS",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

/// Where a bucket is and who we are to it.
#[derive(Clone, Default)]
pub struct S3 {
    /// The bucket.
    pub bucket: String,
    /// What every key begins with, or empty.
    pub prefix: String,
    /// The address of the store; empty for Amazon's own.
    pub endpoint: String,
    /// The region; empty for the store's default.
    pub region: String,
    /// The id of an access key and its secret. Without, the environment or the machine says who we are.
    pub access_key: Option<(String, String)>,
    /// Whether to speak to it without TLS.
    pub allow_http: bool,
}

impl Objects {
    /// A part of a bucket. Nothing is asked yet.
    ///
    /// # Errors
    /// When the settings cannot be right.
    pub fn s3(settings: &S3) -> Result<Objects, Error> {
        let client = ClientOptions::new()
            .with_allow_http(settings.allow_http)
            .with_connect_timeout(CONNECT)
            .with_read_timeout(LIMIT)
            // Of a stream that a slow reader takes its time for; whatever is read whole has its limit in `again`.
            .with_timeout_disabled();
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_client_options(client)
            .with_checksum_algorithm(Checksum::SHA256)
            .with_conditional_put(S3ConditionalPut::ETagMatch)
            .with_retry(RetryConfig { max_retries: 0, ..RetryConfig::default() });
        if !settings.endpoint.is_empty() {
            builder = builder.with_endpoint(settings.endpoint.trim_end_matches('/'));
        }
        if !settings.region.is_empty() {
            builder = builder.with_region(&settings.region);
        }
        builder = match &settings.access_key {
            Some((id, secret)) => builder.with_access_key_id(id).with_secret_access_key(secret),
            None => with_environment(builder),
        };
        let bucket = builder.build()?;
        Ok(match settings.prefix.as_str() {
            "" => Objects::of(Arc::new(bucket), "s3"),
            prefix => Objects::of(Arc::new(PrefixStore::new(bucket, prefix)), "s3"),
        })
    }
}

fn with_environment(builder: AmazonS3Builder) -> AmazonS3Builder {
    CREDENTIALS.into_iter().fold(builder, |builder, name| {
        match (std::env::var(name), name.to_ascii_lowercase().parse()) {
            (Ok(value), Ok(key)) => builder.with_config(key, value),
            _ => builder,
        }
    })
}
