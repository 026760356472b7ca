-- A page to look at: a scratch buffer with a name, a line of keys above it, and those keys for it alone. Its text
-- is partly a model's: a scratch buffer takes none of its lines for settings (`nomodeline`).

local M = {}

---@class quickstudy.Key
---@field lhs string
---@field does string What it does, in a word or two.
---@field act fun()

---@type table<string, integer>
local buffers = {}

--- The buffer of that name, made if need be, with these lines.
---@param name string Shown in a tab line.
---@param lines string[]
---@param syntax? string
---@return integer buffer
function M.buffer(name, lines, syntax)
  local buffer = buffers[name]
  if not buffer or not vim.api.nvim_buf_is_valid(buffer) then
    buffer = vim.api.nvim_create_buf(false, true)
    buffers[name] = buffer
    vim.api.nvim_buf_set_name(buffer, 'Quickstudy: ' .. name)
    vim.bo[buffer].bufhidden = 'wipe'
    -- The colours without the filetype, which would start what belongs to real files.
    vim.bo[buffer].syntax = syntax or ''
  end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, true, lines)
  vim.bo[buffer].modifiable = false
  return buffer
end

--- Show the buffer below, or go where it is shown.
---@param buffer integer
---@param title string
---@param keys quickstudy.Key[] `q` comes with it.
function M.show(buffer, title, keys)
  local function close()
    M.close(buffer)
  end
  local window = vim.fn.bufwinid(buffer)
  if window < 0 then
    vim.cmd(('botright sbuffer %d'):format(buffer))
  else
    vim.api.nvim_set_current_win(window)
  end
  vim.wo.wrap, vim.wo.linebreak, vim.wo.breakindent = true, true, true
  vim.wo.number, vim.wo.relativenumber, vim.wo.signcolumn, vim.wo.list = false, false, 'no', false
  table.insert(keys, { lhs = 'q', does = 'close', act = close })
  vim.wo.winbar = (' %s  %s'):format(title, M.keys(buffer, keys))
end

--- Give the keys to the buffer, and to it alone.
---@param buffer integer
---@param keys quickstudy.Key[]
---@return string told The keys and what they do, for a line above the buffer.
function M.keys(buffer, keys)
  local told = {}
  for _, key in ipairs(keys) do
    vim.keymap.set('n', key.lhs, key.act, { buffer = buffer, nowait = true, desc = key.does })
    table.insert(told, ('%s %s'):format(key.lhs, key.does))
  end
  return table.concat(told, '  ')
end

---@param buffer integer?
function M.close(buffer)
  if buffer and vim.api.nvim_buf_is_valid(buffer) then
    vim.api.nvim_buf_delete(buffer, { force = true })
  end
end

return M
