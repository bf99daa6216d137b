//! gRPC and gRPC-Web on the listener that browsers use.

use prost::Message;
use reqwest::{Method, Response};
use samspil_proto::{
    review::v1::{DeviceKey, GetDeviceKeyRequest},
    wound::v1::{QueueUpdate, WatchQueueRequest},
};
use samspil_testkit::{Engine, World};

use crate::browser::Browser;

const GET_DEVICE_KEY: &str = "/samspil.review.v1.ReviewService/GetDeviceKey";
const WATCH_QUEUE: &str = "/samspil.wound.v1.WoundService/WatchQueue";

async fn over_grpc_web(world: &World, path: &str, token: &str, message: &impl Message) -> Response {
    let message = message.encode_to_vec();
    let body = [&[0][..], &(message.len() as u32).to_be_bytes(), &message].concat();
    let browser = Browser::at(&world.endpoint);
    let call = browser.asks(Method::POST, path).header("content-type", "application/grpc-web+proto");
    call.header("authorization", format!("Bearer {token}")).body(body).send().await.unwrap()
}

/// The first message of an answer.
fn message<M: Message + Default>(bytes: &[u8]) -> M {
    assert_eq!(bytes[0], 0, "a message, no trailers");
    let length = u32::from_be_bytes(bytes[1..5].try_into().unwrap()) as usize;
    M::decode(&bytes[5..5 + length]).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_and_a_stream_go_on_over_grpc_and_grpc_web() {
    let world = World::start(Engine::Sqlite).await;
    let key = world.review("nurse").get_device_key(GetDeviceKeyRequest {}).await.unwrap().into_inner();
    let answer = over_grpc_web(&world, GET_DEVICE_KEY, &world.token("nurse"), &GetDeviceKeyRequest {}).await;
    assert_eq!(answer.headers()["content-type"], "application/grpc-web+proto");
    assert_eq!(message::<DeviceKey>(&answer.bytes().await.unwrap()), key);

    let request = WatchQueueRequest::default();
    let mut stream = world.wounds("specialist").watch_queue(request.clone()).await.unwrap().into_inner();
    let first = stream.message().await.unwrap().unwrap();
    let mut answer = over_grpc_web(&world, WATCH_QUEUE, &world.token("specialist"), &request).await;
    assert_eq!(message::<QueueUpdate>(&answer.chunk().await.unwrap().unwrap()).cursor, first.cursor);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_looks_like_a_call_is_a_page_that_takes_none() {
    let world = World::start(Engine::Sqlite).await;
    let browser = Browser::at(&world.endpoint);
    let json = browser.asks(Method::POST, GET_DEVICE_KEY).header("content-type", "application/json");
    assert_eq!(json.body("{}").send().await.unwrap().status(), 405);
    let refused = over_grpc_web(&world, GET_DEVICE_KEY, "no token", &GetDeviceKeyRequest {}).await;
    assert_eq!(refused.headers()["grpc-status"], "16");
    assert!(!refused.headers().contains_key("content-security-policy"));
}
