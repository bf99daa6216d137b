//! What every call carries, and when it is made again.

mod fake;

use std::time::Duration;

use fake::Fake;
use samspil_client::{Connection, Error, Token, TokenFile};
use samspil_proto::wound::v1::{CompleteVisitRequest, GetPhotoRequest, Photo};
use tonic::Code;

async fn get(connection: &Connection) -> Result<Photo, Error> {
    let request = GetPhotoRequest { name: "patients/none".to_owned() };
    connection.call(request, |to, request| async move { to.wound().get_photo(request).await }).await
}

fn carried(fake: &Fake, name: &str) -> Option<String> {
    fake.state().carried.last().unwrap().get(name).map(|value| value.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_call_carries_token_and_deadline_and_no_trace_without_a_collector() {
    let fake = Fake::start().await;
    let connection = fake.endpoint().tokens(Token::new(" secret\n")).deadline(Duration::from_secs(7)).connect().await;
    get(&connection.unwrap()).await.unwrap_err();
    assert_eq!(carried(&fake, "authorization").unwrap(), "Bearer secret");
    assert_eq!(carried(&fake, "grpc-timeout").unwrap(), "7000m");
    assert_eq!(carried(&fake, "traceparent"), None);
}

#[tokio::test]
async fn a_replaced_token_file_counts_at_once_and_a_missing_one_is_told() {
    let fake = Fake::start().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let connection = fake.endpoint().tokens(TokenFile::new(file.path())).connect_lazy().unwrap();
    for token in ["first", "second"] {
        std::fs::write(file.path(), token).unwrap();
        get(&connection).await.unwrap_err();
        assert_eq!(carried(&fake, "authorization").unwrap(), format!("Bearer {token}"));
    }
    file.close().unwrap();
    let error = get(&connection).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().code, Code::Unauthenticated);
    assert!(error.to_string().contains("token file"), "{error}");
    assert_eq!(fake.state().carried.len(), 2);
}

#[tokio::test]
async fn a_call_without_an_answer_ends_with_its_deadline() {
    let fake = Fake::start().await;
    fake.state().silent = true;
    let connection = fake.endpoint().deadline(Duration::from_millis(50)).connect().await.unwrap();
    assert!(matches!(get(&connection).await, Err(Error::Deadline)));
    assert_eq!(fake.state().carried.len(), 1);
}

#[tokio::test]
async fn unavailable_is_tried_again_and_a_refusal_is_not() {
    let fake = Fake::start().await;
    fake.state().unavailable = [("get_photo", 3)].into();
    let error = get(&fake.connection()).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().code, Code::NotFound);
    assert_eq!(fake.state().carried.len(), 4);
}

#[tokio::test]
async fn a_change_without_a_request_id_is_made_once() {
    let fake = Fake::start().await;
    fake.state().unavailable = [("complete_visit", 1)].into();
    let connection = fake.connection();
    let complete = async |request_id: &str| {
        let request = CompleteVisitRequest { request_id: request_id.to_owned(), ..CompleteVisitRequest::default() };
        connection.call(request, |to, request| async move { to.wound().complete_visit(request).await }).await
    };
    assert!(matches!(complete("").await, Err(Error::Unavailable { .. })));
    fake.state().unavailable = [("complete_visit", 1)].into();
    assert_eq!(complete("id").await.unwrap_err().refusal().unwrap().code, Code::NotFound);
}

#[tokio::test]
async fn a_service_that_is_not_there_is_unavailable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let refused = fake::endpoint(address).connect().await.unwrap_err();
    assert!(refused.is_passing(), "{refused:?}");
}
