/** In the place of the SDK's `ssl/cache`: no session is resumed, as its server's certificate would not be judged again. */
export default undefined;
