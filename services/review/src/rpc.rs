//! The contract's methods, each handed to what it is about.

use samspil_proto::review::v1::{
    Caller, CreateTextBlockRequest, DeleteTextBlockRequest, DeleteTextBlockResponse, DeviceKey, GetCallerRequest,
    GetDeviceKeyRequest, ListTextBlocksRequest, ListTextBlocksResponse, TextBlock,
    review_service_server::ReviewService,
};
use tonic::{Request, Response, Status};

use crate::{Review, caller, device_key, text_blocks};

/// Each method: what it takes, what it gives, and who does it.
macro_rules! methods {
    ($($name:ident($request:ty) -> $answer:ty = $act:path;)*) => {
        #[tonic::async_trait]
        impl ReviewService for Review {
            $(async fn $name(&self, request: Request<$request>) -> Result<Response<$answer>, Status> {
                let (ctx, request) = self.base.enter(request)?;
                Ok(Response::new($act(&ctx, request).await?))
            })*
        }
    };
}

methods! {
    get_caller(GetCallerRequest) -> Caller = caller::get;
    get_device_key(GetDeviceKeyRequest) -> DeviceKey = device_key::get;
    list_text_blocks(ListTextBlocksRequest) -> ListTextBlocksResponse = text_blocks::act::list;
    create_text_block(CreateTextBlockRequest) -> TextBlock = text_blocks::act::create;
    delete_text_block(DeleteTextBlockRequest) -> DeleteTextBlockResponse = text_blocks::act::delete;
}
