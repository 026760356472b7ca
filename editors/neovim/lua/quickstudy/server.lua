-- The running servers, and the one way to ask them something.

local M = {}

---@return vim.lsp.Client[]
function M.clients()
  return vim.lsp.get_clients({ name = 'quickstudy' })
end

--- The server of the current buffer, else the one that runs; says so if there is none.
---@return vim.lsp.Client?
function M.current()
  local client = vim.lsp.get_clients({ name = 'quickstudy', bufnr = 0 })[1] or M.clients()[1]
  if not client then
    M.complain('Quickstudy does not run here. :checkhealth quickstudy tells why.')
  end
  return client
end

--- JSON's null as nil: Neovim 0.11 makes that of it, 0.12 does not.
local function plain(value)
  if value == vim.NIL then
    return nil
  end
  if type(value) == 'table' then
    for key, each in pairs(value) do
      value[key] = plain(each)
    end
  end
  return value
end

--- Call a command of the server.
---@param client vim.lsp.Client
---@param command string Without `quickstudy.`.
---@param argument table?
---@param done fun(err: lsp.ResponseError?, result: any)
function M.call(client, command, argument, done)
  local params = { command = 'quickstudy.' .. command, arguments = { argument } }
  client:request('workspace/executeCommand', params, function(err, result)
    done(err, plain(result))
  end)
end

--- Call a command for the user, who reads a refusal in the server's words.
---@param client vim.lsp.Client
---@param command string
---@param argument table
---@param done? fun(result: any)
function M.ask(client, command, argument, done)
  M.call(client, command, argument, function(err, result)
    if err then
      M.complain(err.message)
    elseif done then
      done(result)
    end
  end)
end

---@param sentence string
function M.complain(sentence)
  require('quickstudy.corner').say(sentence, vim.log.levels.WARN)
end

return M
