/** The part of OpenAI's chat completions protocol that the scripted model speaks. */
export interface ChatMessage {
  role: "system" | "user" | "assistant" | "tool";
  content: string | null;
  /** Of an assistant's message. */
  tool_calls?: ChatToolCall[];
  /** Of a tool's message. */
  tool_call_id?: string;
}

/** A call that the assistant wants to be made. */
export interface ChatToolCall {
  id: string;
  type: "function";
  function: {
    name: string;
    /** JSON. */
    arguments: string;
  };
}

/** What `POST /v1/chat/completions` takes. */
export interface ChatRequest {
  model: string;
  messages: ChatMessage[];
  tools?: { type: "function"; function: { name: string; description?: string; parameters?: object } }[];
}

/** What it answers. */
export interface ChatCompletion {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  choices: [{ index: 0; message: ChatMessage; finish_reason: "stop" | "tool_calls" }];
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}
